"""Gradual deliveries that a pipeline makes step by step, and the measures that it takes between them."""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.seen import Seen, acts
from scorecards.reading.pipeline import Command, Pipeline
from scorecards.reading.progressive.gradual import UNWATCHED, Gradual, gradual, hollow
from scorecards.reading.stack import system_name
from scorecards.result import Status

_NAMED = regex(
    r"(?<![a-z])canary(?![a-z])|blue[-_ /]?green|(?<![a-z])(?:gradual|progressive)(?![a-z])", re.IGNORECASE
)
_SHIFTS = regex(
    r"update-traffic\b.*--to-(?:revisions|tags)|traffic-routing\s+set|update-alias\b.*--routing-config"
    r"|deployment\s+slot\s+swap|swap-environment-cnames|blue-green-deploy|bg-deploy|argo\s+rollouts\s+set"
    r"|ingress\s+traffic\s+set|set-traffic\b.*--splits|versions\s+deploy\b.*@\d+%|"
    r"--strategy[= ](?:canary|blue)",
)
_WHOLE = regex(r"=100\b|--to-latest|LATEST=100|PREV\w*=100")
_BACK = regex(r"roll(?:ing)?[-_ ]?back|revert|undo|cleanup|clean-up|delete|destroy", re.IGNORECASE)
_MEASURES = regex(
    r"api/v1/query|promql|prometheus\S*\s.*query|promtool\s+query|get-metric-(?:statistics|data)|"
    r"describe-alarms"
    r"|gcloud\s+(?:\S+\s+)?(?:monitoring|logging)\s|az\s+monitor\s+(?:metrics|app-insights|log-analytics)"
    r"|api\.datadoghq|datadog-ci\s+(?:deployment|gate|measure)|api\.newrelic|nrql|error[-_ ]?rate|"
    r"error[-_ ]?budget"
    r"|canary[-_ ]?(?:analysis|analy[sz]e|judge|score|metrics|monitor)|(?:monitor|analy[sz]e|judge|"
    r"watch)[-_ ]?canary|kayenta"
    r"|keptn\s|logcli|burn[-_ ]?rate|slo[-_ ]?(?:check|gate)|k6\s+run|check[-_]?metrics|metrics[-_]?gate",
    re.IGNORECASE,
)
_AZURE = regex(r"^\s*strategy:\s*\n\s+canary:\s*\n", re.MULTILINE)


def read(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[Gradual]:
    """What a pipeline releases gradually, watched or not."""
    found = False
    for one in snapshot.derive(acts).get(pipeline.path, ()):
        if one.act.kind in ("deploys", "here", "provisions", "starts") and _is_gradual(pipeline, one):
            found = True
            yield _judged(pipeline, one)
    if pipeline.system == "azure" and (mark := _AZURE.search(snapshot.text(pipeline.path) or "")):
        line = (snapshot.text(pipeline.path) or "").count("\n", 0, mark.start()) + 1
        found = True
        yield gradual(pipeline.path, line, "the canary strategy in Azure Pipelines", False)
    if not found:
        yield from _prints(pipeline)


def _is_gradual(pipeline: Pipeline, one: Seen) -> bool:
    names = f"{one.step.name}\n{one.step.job}"
    if _BACK.search(names):
        return False
    if _SHIFTS.search(one.text):
        return _WHOLE.search(one.text) is None
    # A step that is only named for a canary replaces all that runs: what it deploys has to be one.
    return _NAMED.search(one.text) is not None


def _judged(pipeline: Pipeline, one: Seen) -> Gradual:
    what = f"{one.act.what} in {system_name(pipeline.system)} (`{one.step.job or one.step.name}`)"
    if not (one.step.live and (one.command is None or one.command.live)):
        return hollow(one.path, one.line, what, f"never runs: {one.step.why or 'it stands behind `false`'}")
    if one.step.triggers and one.step.triggers <= {"call"}:
        return Gradual(
            one.path, one.line, what, Status.PARTIAL, "no workflow calls the one that it stands in"
        )
    if not (one.step.enforced and (one.command is None or one.command.enforced)):
        return Gradual(one.path, one.line, what, Status.PARTIAL, "nobody notices when it fails")
    measured = _measured(pipeline, one)
    if measured is None:
        return gradual(one.path, one.line, f"{what} releases gradually", False, UNWATCHED)
    heeded = measured.enforced
    why = "nobody notices when its measure fails"
    return gradual(
        one.path, one.line, f"{what} releases gradually, measured by `{_short(measured)}`", heeded, why
    )


def _measured(pipeline: Pipeline, one: Seen) -> Command | None:
    """The command after the release that measures it, one that is heeded if there is any."""
    after, weak = False, None
    for step in pipeline.steps:
        after = after or step is one.step or step == one.step
        if not after or not step.live:
            continue
        for command in step.commands:
            if not command.live or command.lost or command.text.startswith(("echo", "printf", "#")):
                continue
            if _MEASURES.search(command.text[:1000]) or (
                command.opened and _MEASURES.search(" ".join(command.via))
            ):
                if command.enforced and step.enforced:
                    return command
                weak = weak or command._replace(enforced=False)
    return weak


def _short(command: Command) -> str:
    text = " ".join(command.text.split()).replace("`", "'")
    return text[:50] + ("…" if len(text) > 50 else "")


def _prints(pipeline: Pipeline) -> Iterator[Gradual]:
    """A step that is named for a canary and only prints."""
    for step in pipeline.steps:
        names = f"{step.name}\n{step.job}"
        if not step.commands or "deploy" not in names.lower() or not _NAMED.search(names):
            continue
        if all(c.text.startswith(("echo", "printf", "true", "sleep", ":")) for c in step.commands):
            yield hollow(step.path, step.line, f"`{step.name[:60]}`", "it only prints")
            return
