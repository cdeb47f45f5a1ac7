"""What each step of a pipeline deploys or publishes, whatever that comes to."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.deployments import actions
from scorecards.reading.deployments.commands import act
from scorecards.reading.deployments.deployment import Act
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.pipelines import pipelines


class Seen(NamedTuple):
    """An act of one step; `command` is None where the step's action or image does it."""

    step: Step
    act: Act
    command: Command | None

    @property
    def path(self) -> str:
        """The file it stands in."""
        return self.step.path if self.command is None else self.command.path

    @property
    def line(self) -> int:
        """The line it stands on."""
        return self.step.line if self.command is None else self.command.line

    @property
    def text(self) -> str:
        """Everything that says what is deployed where."""
        more = (
            self.step.uses + " " + " ".join(self.step.strings())[:2000]
            if self.command is None
            else self.command.text
        )
        return f"{more} {' '.join(self.command.via) if self.command else ''}"


def acts(snapshot: Snapshot) -> Mapping[str, tuple[Seen, ...]]:
    """Of every pipeline by its path; the same for every service."""
    return {p.path: tuple(_of_pipeline(snapshot, p)) for p in pipelines(snapshot)}


def _of_pipeline(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[Seen]:
    outside = {id(step) for step in pipeline.elsewhere}
    for step in pipeline.steps:
        if id(step) in outside and step.uses and not step.commands:
            continue
        piped = ""
        for command in step.commands:
            if not (command.opened or command.lost):
                found = act(command.text)
                if found is not None and not (
                    command.text.rstrip().endswith("-f -") and _only_prepares(piped)
                ):
                    yield Seen(step, found, command)
                elif command.body and _REMOTE.match(command.text):
                    yield from _over_ssh(step, command)
            piped = command.text
        if step.uses and not (step.commands and pipeline.system == "cloudbuild"):
            found = actions.of_step(step)
            if found is not None:
                yield Seen(step, found, None)
    if pipeline.system == "jenkins":
        yield from _groovy(snapshot, pipeline)


_REMOTE = regex(r"(?:\S+\s+){0,4}?(?:sshpass\b.*?\s)?ssh\s")


def _over_ssh(step: Step, command: Command) -> Iterator[Seen]:
    """What a heredoc has another machine do."""
    for number, line in enumerate(command.body.split("\n")[:200], 1):
        for simple in line.split("&&"):
            if found := act(simple.strip()) or _pulled(simple):
                yield Seen(
                    step, found, command._replace(line=command.line + number, via=(*command.via, "ssh"))
                )


def _pulled(text: str) -> Act | None:
    found = regex(r"git\s+(?:pull|reset\s+--hard|checkout\s)").match(text.strip())
    return Act("here", f"`{found.group().strip()}` over SSH") if found else None


_GROOVY = regex(
    r"^[^\n/*]*\b(ansiblePlaybook|kubernetesDeploy|kubernetesApply|sshPublisher|azureWebAppPublish|"
    r"azureFunctionAppPublish|cfnUpdate"
    r"|ecsDeploy|nomadDeploy|pushToCloudFoundry|helmDeploy|openshiftDeploy|openshift\.(?:apply|rollout|"
    r"selector\([^)]*\)\.rollout)"
    r"|deploy\s+adapters|AWSCodeDeployPublisher|KubernetesDeploy|AWSEBDeploymentBuilder|"
    r"build\s+job:\s*[\"'][^\"'\n]*deploy[^\"'\n]*"
    r"|\w+\.push\()",
    re.MULTILINE | re.IGNORECASE,
)


def _groovy(snapshot: Snapshot, pipeline: Pipeline) -> Iterator[Seen]:
    """What steps of Jenkins' own plugins deploy and publish."""
    text = (snapshot.text(pipeline.path) or "")[:256_000]
    calls = {s.uses for s in pipeline.elsewhere}
    for found in _GROOVY.finditer(text):
        name = found.group(1).strip()
        if name.endswith(".push("):
            if "docker" not in text:
                continue
            kind, name = "image", "docker.push()"
        else:
            kind = "deploys"
        if name not in calls:
            line = text.count("\n", 0, found.start(1)) + 1
            triggers = pipeline.triggers
            step = Step(pipeline.path, line, name, "", uses=name, triggers=triggers)
            yield Seen(step, Act(kind, f"`{name[:60]}`"), None)  # type: ignore[arg-type]


def _only_prepares(before: str) -> bool:
    """Whether what is piped into `kubectl apply -f -` is a namespace or a secret."""
    return (
        regex(r"\bcreate\s+(?:ns|namespace|secret|configmap|cm|sa|serviceaccount)\b").search(before)
        is not None
    )
