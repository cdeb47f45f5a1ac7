"""What a deployment that a pipeline makes is worth: when it runs, onto what, and whether that is heeded."""

import posixpath
import re
from collections.abc import Sequence
from fnmatch import fnmatch

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.commands import act
from scorecards.reading.deployments.deployment import Kind
from scorecards.reading.deployments.seen import Seen
from scorecards.reading.deployments.vocabulary import DEPLOY, PREVIEW, TEST
from scorecards.reading.pipeline import Pipeline, Step
from scorecards.result import Status

_COMPUTE = regex(
    r"aws_(?:ecs|lambda|eks|instance|apprunner|elastic_beanstalk|autoscaling|launch|lightsail|batch|sfn|"
    r"amplify|s3_bucket_website|cloudfront)"
    r"|google_(?:cloud_?run|cloudfunctions|container|compute_inst|app_engine|cloud_scheduler|workflows)"
    r"|azurerm_(?:linux|windows|container|app_service|function|kubernetes|service_plan|static|"
    r"virtual_machine|web)"
    r"|azapi_resource|kubernetes_\w*(?:deployment|manifest|stateful|cron|daemon|job|pod)|helm_release|"
    r"kubectl_manifest|nomad_job|heroku_|digitalocean_(?:app|droplet"
    r"|kubernetes)|hcloud_server|vercel_|netlify_|cloudflare_(?:worker|pages)|fly_|docker_(?:container|"
    r"service)|render_|scaleway_|oci_"
    r"|cloudfoundry_app|openstack_compute|proxmox_|linode_|module\s+\"|argocd_application|"
    r"databricks_job|snowflake_"
)
_INVALIDATES = regex(r"cloudfront|invalidat|purge|\bcdn\b", re.IGNORECASE)
_SERVED = frozenset({"static-site", "data-pipeline", "function"})
_SITE = regex(
    r"deploy|release|web-?site|front-?end|static|(?<![a-z])(?:cd|site|web|cdn)(?![a-z])|publish|pages", re.I
)
_BESIDE = regex(
    r"backup|(?<![a-z])tests?(?![a-z])|artifacts?|reports?|(?<![a-z])logs?(?![a-z])|cache|coverage|"
    r"results?|summary|audit|metrics|dump|sbom"
    r"|(?<![a-z])docs(?![a-z])|s3://\S+\s+(?!s3://|gs://|-)[^\s-]\S*\s*\Z|gs://\S+\s+(?!gs://|-)[^\s-]\S*\s*\Z",
    re.IGNORECASE,
)
_TERRAFORM = ("`terraform", "`tofu", "`terragrunt", "`tf")


def judged(
    snapshot: Snapshot, pipeline: Pipeline, service: Service, one: Seen, names: str
) -> tuple[Status, str]:
    """What a deployment is worth, and what it lacks."""
    step, command = one.step, one.command
    if not (step.live and (command is None or command.live)):
        return Status.FAIL, f"never runs: {step.why or 'it stands behind `false`'}"
    status, why = _by_kind(snapshot, pipeline, service, one, names)
    if status is not Status.PASS:
        return status, why
    if step.triggers and step.triggers <= {"call"}:
        return Status.PARTIAL, "no workflow calls the one that it stands in"
    if not (step.enforced and (command is None or command.enforced)):
        return Status.PARTIAL, "nobody notices when it fails"
    if step.triggers and step.triggers <= {"change"} and PREVIEW.search(f"{names}\n{one.text}"):
        return Status.PARTIAL, "it deploys previews of changes only"
    if _only_proposed(snapshot, pipeline, step):
        return Status.PARTIAL, "it runs for changes that are proposed, never for what was merged"
    return Status.PASS, ""


def _only_proposed(snapshot: Snapshot, pipeline: Pipeline, step: Step) -> bool:
    """Whether pull or merge requests alone start it: a push to a branch named otherwise is a change too."""
    if not step.triggers or not step.triggers <= {"change"} or pipeline.system != "github":
        return False
    head = (snapshot.text(pipeline.path) or "").partition("\njobs:")[0]
    return (
        "pull_request" in head and "push" not in head and "closed" not in head and "workflow_run" not in head
    )


def _by_kind(
    snapshot: Snapshot, pipeline: Pipeline, service: Service, one: Seen, names: str
) -> tuple[Status, str]:
    kind: Kind = one.act.kind
    if kind == "here":
        return _on_target(snapshot, pipeline, one, names)
    if kind == "copies":
        own = f"{one.step.name}\n{one.step.job}\n{posixpath.basename(one.step.path)}"
        beside = _BESIDE.search(f"{own}\n{one.text}") is not None
        served = service.type in _SERVED or _SITE.search(own) is not None
        if not beside and served:
            return Status.PASS, ""
        if not beside and _INVALIDATES.search(
            " ".join(c.text for s in pipeline.steps for c in s.commands)[:20_000]
        ):
            return Status.PASS, ""
        return Status.FAIL, "copies files to where nothing says that they are served"
    bare = kind == "provisions" and one.act.what.startswith(_TERRAFORM)
    if bare and not snapshot.derive(_provisions_compute):
        return Status.PARTIAL, "it applies infrastructure in which nothing runs the service"
    if kind == "starts":
        return _started(snapshot, one, names)
    if kind == "image":
        return Status.PARTIAL, "it publishes an image or a chart, and nothing here runs it"
    if kind == "tags":
        return _tagged(pipeline, one)
    return Status.PASS, ""


def _on_target(snapshot: Snapshot, pipeline: Pipeline, one: Seen, names: str) -> tuple[Status, str]:
    """What starts on the machine it runs on: that is the target over SSH, and on a runner of one's own."""
    command = one.command
    remote = regex(r"\bssh\b|DOCKER_HOST|--context|-H[ =]|DOCKER_CONTEXT|docker context")
    before = " ".join(c.text[:300] for c in one.step.commands)
    if (
        command is None
        or any(remote.search(v) for v in command.via)
        or remote.search(f"{command.text} {before}")
    ):
        return Status.PASS, ""
    named = DEPLOY.search(names) is not None and not TEST.search(f"{one.step.name}\n{one.step.job}")
    own = pipeline.system != "github" or "self-hosted" in (snapshot.text(one.step.path) or "")
    if (
        named
        and own
        and pipeline.system not in ("travis", "circleci", "codebuild", "cloudbuild", "bitbucket")
    ):
        return Status.PASS, ""
    return Status.FAIL, "starts it on the machine of the pipeline, for as long as that runs"


def _started(snapshot: Snapshot, one: Seen, names: str) -> tuple[Status, str]:
    """A program of the repository, or a pipeline that stands elsewhere: its name or its text tells."""
    command = one.command
    if command is not None and (found := re.search(r"`(\S*(?:/|\.\w+))\S*`", one.act.what)):
        name = found.group().strip("`").replace("\\", "/").removeprefix("./")
        places = (posixpath.normpath(posixpath.join(command.folder or "", name)), name)
        path = next((p for p in places if p in snapshot), "")
        if "$" in name and any(_deploys(snapshot.text(p) or "") for p in _meant(snapshot, places)):
            return Status.PASS, ""
        if path:
            if _ACTS.search((snapshot.text(path) or "")[:100_000]):
                return Status.PASS, ""
            return Status.FAIL, f"`{path}` deploys nothing"
        return Status.UNKNOWN, "what it does is not in the repository"
    if "deploy" in f"{one.act.what} {one.text} {one.step.name}".lower():
        return Status.PASS, ""
    return Status.UNKNOWN, "whether what it starts deploys is not seen from here"


def _meant(snapshot: Snapshot, places: Sequence[str]) -> list[str]:
    """The scripts that a name with variables in it may stand for."""
    globs = [_VARIABLE.sub("*", p).removeprefix("./") for p in places]
    if any(g.strip("*/.") == "" or g.startswith("*") for g in globs):
        return []
    found = [p for p in snapshot.files if any(fnmatch(p, g) for g in globs)]
    return found[:10]


def _deploys(script: str) -> bool:
    """Whether a shell script deploys, by a command of its own."""
    lines = script.replace("\\\n", " ").split("\n")[:400]
    return any((found := act(line.strip())) is not None and found.kind == "deploys" for line in lines)


_VARIABLE = regex(r"\$\{?\w+[^}/\s]*\}?")
_ACTS = regex(
    r"boto3|paramiko|fabric|subprocess|requests\.|fetch\(|axios|child_process|exec|spawn|kubernetes|"
    r"docker|ssh|azure|google\.cloud"
    r"|kubectl|helm|aws|gcloud|az |Invoke-|ftp|http|client\.|\$\(|system\(|run\(|deploy\(", re.IGNORECASE,
)  # fmt: skip


def _tagged(pipeline: Pipeline, one: Seen) -> tuple[Status, str]:
    """A tag that is set in a file counts where it is committed."""
    steps = [s for s in pipeline.steps if s.job == one.step.job] or [one.step]
    committed = regex(
        r"\bgit\s+push\b|\bgh\s+pr\s+create\b|commit|create-pull-request|git-auto-commit|github-push|"
        r"add-and-commit",
        re.I,
    )
    if any(committed.search(t) for s in steps for t in (s.uses, *(c.text[:300] for c in s.commands))):
        return Status.PARTIAL, "it commits the new tag, and nothing here applies it"
    return Status.FAIL, "sets the tag in a file that is not committed"


def _provisions_compute(snapshot: Snapshot) -> bool:
    """Whether any Terraform of the repository holds something that runs, or a module that may."""
    files = [p for p in snapshot.files if p.endswith((".tf", ".hcl", ".tf.json"))][:400]
    return not files or any(_COMPUTE.search(snapshot.text(p) or "") for p in files)
