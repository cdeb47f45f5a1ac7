"""What leads out of the repository: a reusable workflow, a shared library, an orb, an include, a task."""

import re
from collections.abc import Iterator

from catalog.regex import regex
from scorecards.reading.deployments import actions
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.reading.stack import system_name
from scorecards.result import Status

_DEPLOYS = regex(
    r"deploy(?!ment-(?:status|marker))|(?<![a-z])(?<!ci[-_])cd(?![a-z])|rollout|gitops|argo-?cd|promote|"
    r"auto-devops|kubernetes|(?<![a-z])(?:k8s|ecs|eks|gke|aks|helm"
    r"|lambda|cloud-?run|app-?service|beanstalk|heroku|vercel|netlify|fly)(?![a-z])|terraform-apply|"
    r"serverless",
    re.IGNORECASE,
)
_NONE = regex(
    r"lint|scan|codeql|securit|label|stale|semantic|release-please|renovate|dependabot|sonar|docs|"
    r"changelog|title|triage|issue|project"
    r"|(?<![a-z])tests?(?![a-z])|verify|validat|quality|check|snyk|trivy|gitleaks|sast|license|format|"
    r"cla(?![a-z])|pre-commit|owasp|veracode"
    r"|diff|(?<![a-z])plan(?![a-z]|-and-apply)|unittest|teardown|destroy|cleanup|rollback|undeploy|dry-?run|"
    r"preview|notify|report|e2e|triggers|cancel|disable|skip|without|(?<![a-z])(?:wait|get|set|await)(?![a-z])|generate|restrict",
    re.IGNORECASE,
)
_IMAGE = regex(r"docker|image|buildah|container|ecr|gcr|push|kaniko|buildpack|chart", re.IGNORECASE)
_VAGUE = regex(
    r"release|pipeline|deliver|ci[-_]?/?cd|publish|build|main|workflow|standard|service|library|"
    r"template|default|app(?![a-z])|micro",
    re.IGNORECASE,
)
_PACKAGE = regex(r"npm|pypi|maven|nuget|(?<![a-z])gems?(?![a-z])|package|crate", re.IGNORECASE)
_SAYS = regex(
    r"environment|cluster|namespace|deploy\w*|stage|target[-_]?env\w*|helm\w*|kube\w*|"
    r"app[-_]?service\w*|ecs\w*",
    re.IGNORECASE,
)
_OFF = frozenset(("", "false", "no", "0", "none"))


def run(pipeline: Pipeline) -> Iterator[tuple[Deployment, str]]:
    """What the calls that lead out may deploy, each with why it does not count, empty where it may."""
    for step in pipeline.elsewhere:
        if step.uses and not step.commands:
            found = _of_call(pipeline, step)
            if found is not None:
                yield found


def _of_call(pipeline: Pipeline, step: Step) -> tuple[Deployment, str] | None:
    name = _name(pipeline, step)
    shown = f"`{step.uses[:90]}` in {system_name(pipeline.system)}"
    status, why = _judged(pipeline, step, name)
    if status is None:
        return None
    if not step.live:
        return Deployment(step.path, step.line, shown, Status.FAIL), f"never runs: {step.why or 'it is off'}"
    if status is Status.PASS and step.triggers and step.triggers <= {"call"}:
        status, why = Status.PARTIAL, "no workflow calls the one that it stands in"
    elif status is Status.PASS and not step.enforced:
        status, why = Status.PARTIAL, "nobody notices when it fails"
    return Deployment(
        step.path, step.line, shown, status, why, "image" if status is Status.PARTIAL else "outside"
    ), ""


def _name(pipeline: Pipeline, step: Step) -> str:
    """The part of the call's name that says what it does, without the repository that it stands in."""
    uses = step.uses.partition("@")[0]
    if pipeline.system == "github":
        return uses.rpartition("/")[2].rpartition(".")[0]
    if pipeline.system == "circleci":
        return uses.partition(" ")[0]
    last = uses.rpartition("/")[2].removesuffix(".yml").removesuffix(".yaml")
    return last if pipeline.system in ("azure", "gitlab") and last else uses


def _judged(pipeline: Pipeline, step: Step, name: str) -> tuple[Status | None, str]:
    """What a call is taken for, None where it is none of a deployment."""
    if pipeline.system in ("circleci", "tekton"):
        found = actions.of_step(step.but(uses=name))
        if found is not None and found.kind in ("deploys", "copies", "provisions", "store"):
            return Status.PASS, ""
        if found is not None and found.kind == "image":
            return Status.PARTIAL, "it publishes an image or a chart, and nothing here runs it"
    if _DEPLOYS.search(name) and not _NONE.search(name):
        return Status.PASS, ""
    if _NONE.search(name):
        return None, ""
    says = any(_SAYS.fullmatch(str(k)) and str(v).strip().lower() not in _OFF for k, v in step.inputs.items())
    named = re.search(r"deploy", f"{step.name} {step.job}", re.IGNORECASE) is not None
    if pipeline.system == "jenkins":
        says = any("deploy" in text.lower() or "environment" in text.lower() for text in step.strings())
        if not _VAGUE.search(name):
            return None, ""
    if says or named:
        return Status.PASS, ""
    if _IMAGE.search(name):
        return Status.PARTIAL, "it publishes an image or a chart, and nothing here runs it"
    if _VAGUE.search(name) and not (_PACKAGE.search(name)):
        return Status.UNKNOWN, "it stands in another repository, and whether it deploys is not seen from here"
    return None, ""
