"""Why something that a pipeline deploys is not the service, brought to where its users are."""

import re
from collections.abc import Sequence
from functools import lru_cache

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.seen import Seen
from scorecards.reading.deployments.vocabulary import DEPLOY, is_for_test, is_test_job
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.reading.scope import aside, is_neighbours

_CLUSTER = regex(
    r"kind-action|setup-(?:minikube|kind|k3s|k3d|microk8s)|start-minikube|engineerd|k3d-action|"
    r"\bkind\s+(?:create|load|export)"
    r"|\bminikube\s+(?:start|image|docker-env)|\bk3d\s+cluster\s+create|\bmicrok8s\b|"
    r"\bctlptl\s+(?:create|apply)|localstack"
    r"|\bk3s\b(?!.*ssh)|kindest/node|\bkwokctl\b|\bvcluster\s+create|\bcrc\s+start|"
    r"replicatedhq/\S*create-cluster|testcontainers"
    r"|\bact\s+-|\bswarm\s+init|\bkind-",
    re.IGNORECASE,
)
_DOCS = regex(
    r"(?<![a-z])(?:docs?|documentation|mkdocs|sphinx|docusaurus|typedoc|javadoc|dokka|storybook|"
    r"coverage|reports?|allure|benchmarks?|charts?"
    r"|helm|slides|presentations?|jsdoc|openapi|swagger|redoc|api-?docs|schema|blog|book|wiki|changelog|"
    r"dashboard|scorecards?)(?![a-z])",
    re.IGNORECASE,
)
_DATABASES = ("migrat", "alembic", "flyway", "liquibase", "prisma", "seed", "dacpac", "schema", "db:", "db-")
_DATABASE = regex(
    r"\b(?:migrat\w*|alembic|flyway|liquibase|prisma|seed|dacpac|schema)\b|db:|db-", re.IGNORECASE
)
_DESTROY = regex(
    r"\b(?:terraform|tofu|terragrunt|pulumi|cdk|cdktf)\b.*\bdestroy\b|\b(?:sam|stack)\s+delete\b|"
    r"\b(?:sls|serverless)\s+remove\b"
    r"|\bcloudformation\s+delete-stack\b|\baz\s+group\s+delete\b|\bkubectl\s+delete\s+(?:ns|namespace)\b"
)


def why_not(snapshot: Snapshot, pipeline: Pipeline, service: Service, one: Seen, names: str) -> str:
    """Why something is deployed, but not this service for its users; empty where it may be."""
    kind, command = one.act.kind, one.command
    if kind == "package":
        return "publishes a package, which is no deployment"
    folder = f"{command.folder}/" if command is not None and command.folder else ""
    if folder and (is_neighbours(folder, service) or aside(folder, service)):
        return f"deploys `{folder.rstrip('/')}`, which is not this service"
    if _for_another(service, one, names):
        return "deploys another service of the repository"
    if kind in ("pages", "store"):
        return _no_app(snapshot, service, one, names)
    own = f"{one.step.job}\n{one.step.name}"
    if kind == "image" and is_for_test(own):
        return "publishes an image for a test"
    if kind in ("deploys", "copies") and service.type != "static-site" and _is_documentation(one):
        return "publishes documentation beside the service"
    if kind in ("deploys", "here", "provisions"):
        return _for_a_test(pipeline, one, names)
    return ""


def _is_documentation(one: Seen) -> bool:
    """Whether a job or its file is named for documentation, and a host of pages gets it."""
    names = f"{one.step.job}\n{one.step.path.rpartition('/')[2]}"
    return _is_about(names) and _HOSTS.search(one.text) is not None


@lru_cache(4096)
def _is_about(names: str) -> bool:
    return _ABOUT.search(names) is not None


_HOSTS = regex(r"netlify|vercel|surge|firebase|pages|s3|wrangler|static-?web|gsutil|storage", re.IGNORECASE)
_ABOUT = regex(
    r"(?<![a-z])(?:docs?|documentation|mkdocs|storybook|docusaurus|sphinx|typedoc|coverage)(?![a-z])",
    re.IGNORECASE,
)


def _no_app(snapshot: Snapshot, service: Service, one: Seen, names: str) -> str:
    """Why pages or an app are not the service."""
    if one.act.kind == "pages":
        return "" if _is_page(snapshot, service, names, one) else "publishes pages beside the service"
    if service.type == "mobile-app" or (service.alone and not snapshot.derive(_serves)):
        return ""
    return "gives an app to a store, which is not this service"


def _for_a_test(pipeline: Pipeline, one: Seen, names: str) -> str:
    """Why what is deployed does not stay, or is no program."""
    job = [s for s in pipeline.steps if s.job == one.step.job] or [one.step]
    text = "\n".join(t for s in job for t in (s.uses, *(c.text[:300] for c in s.commands)))
    if any(word in text for word in _CLUSTERS) and _CLUSTER.search(text):
        return "deploys to a cluster that the pipeline makes for a test"
    if is_for_test(names) or is_test_job(one.step.job):
        return "deploys for a test only"
    if ("destroy" in text or "delete" in text or "remove" in text) and _taken_down(job, one):
        return "is taken down again by the same job"
    told = one.text
    lowered = told.lower()
    if (
        any(word in lowered for word in _DATABASES)
        and _DATABASE.search(told)
        and not DEPLOY.search(one.act.what)
    ):
        return "changes a database only"
    return ""


_CLUSTERS = ("kind", "inikube", "k3", "icrok8s", "ocalstack", "ctlptl", "kwok", "vcluster", "crc",
             "create-cluster", "estcontainers", "swarm", "act -", "KIND", "engineerd")  # fmt: skip


def _for_another(service: Service, one: Seen, names: str) -> bool:
    """Whether what is deployed names a neighbour and not the service."""
    if service.alone:
        return False
    text = f"{one.text}\n{names.partition(chr(10))[0]}\n{one.step.job}".lower()
    if _says(text, (service.name, service.path.rpartition("/")[2])):
        return False
    return _says(text, tuple(n.rpartition("/")[2] for n in service.neighbours))


def _says(text: str, called: Sequence[str]) -> bool:
    return any(
        n and re.search(rf"(?<![a-z0-9-]){re.escape(n.lower())}(?![a-z0-9-])", text) is not None
        for n in called[:60]
    )


def _taken_down(job: Sequence[Step], one: Seen) -> bool:
    after = False
    for step in job:
        if step is one.step or step == one.step:
            after = True
        guarded = "destroy" in step.condition or "failure()" in step.condition or "failed()" in step.condition
        if after and step.live and not guarded and not step.manual:
            for command in step.commands:
                if command.live and not command.opened and _DESTROY.search(command.text[:500]):
                    return not any("destroy" in via for via in command.via)
    return False


def _is_page(snapshot: Snapshot, service: Service, names: str, one: Seen) -> bool:
    """Whether the pages that are published are the service itself, and not what is written about it."""
    if service.type == "static-site":
        return True
    if not service.alone or _DOCS.search(f"{names}\n{one.text}"):
        return False
    return not snapshot.derive(_serves)


_SERVERS = regex(r"(?:^|/)(?:Dockerfile[^/]*|Procfile|docker-compose[^/]*|compose\.ya?ml|Chart\.yaml|go\.mod"
                 r"|pom\.xml|requirements\.txt"
                 r"|pyproject\.toml|mkdocs\.ya?ml|setup\.py|Cargo\.toml|serverless\.ya?ml)\Z")  # fmt: skip


def _serves(snapshot: Snapshot) -> bool:
    """Whether the repository holds more than a page: something that serves, or a library's code."""
    return any(_SERVERS.search(path) for path in snapshot.files)
