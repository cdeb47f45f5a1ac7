"""A pipeline runs the service's tests on every change.

## What it looks for

A pipeline of the repository's CI system (GitHub Actions, GitLab CI, CircleCI, Jenkins, Azure Pipelines,
Buildkite, Tekton, Drone, Woodpecker, Travis CI, Bitbucket, Cloud Build, CodeBuild and others) that runs tests
when a change is proposed or pushed. Calls are followed: make targets, package scripts, tox, scripts, images,
composite actions, reusable workflows here and in repositories that the catalog has. A pipeline that only
builds or lints, or that runs tests only by hand or on a schedule, is weak. A test whose failure changes
nothing (`|| true`, `continue-on-error`), that never runs (`if: false`) or that does not exist is none.

## Why it matters

What is not tested on every change breaks in production, and the one who finds out is a user. A test that
cannot fail the pipeline is worse than none: it looks like protection.

## How to fix it

Run the tests in the pipeline, on pull requests and on the default branch, as a step that fails when they
fail. Take `|| true` and `continue-on-error` away.

## Example

    # .github/workflows/ci.yml
    name: ci
    on: [push, pull_request]
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: go test ./...

## Known limits

Whether the tests are good, or whether branch protection demands them, is not seen. What a workflow of another
repository does is told by its name and its inputs only, unless that repository is at hand: then it is read at
its newest commit, whatever version is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.pipelines import covers, covers_step, pipelines
from scorecards.reading.purpose import named_test, of_command, of_strings, of_uses
from scorecards.reading.scope import aside, is_neighbours
from scorecards.reading.stack import ci_file, has_code, stack, system_name
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, fitted

STAGE = 3
REQUIRED = True
EXCEPT: tuple[str, ...] = ()

_EMPTY = regex(r"(?:echo|printf|true|:|exit|sleep|set|export|cd|pwd|date|cat|ls)(?:\s|\Z)|\w+=")
_IMAGE = regex(r"(?:sudo\s+)?(?:docker|podman|buildah)\s")
_CHANGE = frozenset({"change", "push"})


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge whether a pipeline that covers the service runs its tests."""
    found = pipelines(snapshot)
    if not found and not has_code(snapshot, service):
        return Result(Status.NOT_APPLICABLE, "There is no code here and no pipeline: nothing to test.")
    seen = _Seen(service)
    for pipeline in found:
        why = _not_counted(pipeline, service)
        if why:
            seen.findings.skip(pipeline.path, why)
        else:
            seen.pipeline(pipeline)
    return seen.result(snapshot, bool(found))


def _not_counted(pipeline: Pipeline, service: Service) -> str:
    folder = aside(pipeline.path, service)
    if folder:
        return f"stands in `{folder}`"
    if not covers(pipeline, service):
        return "runs for other parts of the repository only"
    return ""


@dataclass(slots=True)
class _Seen:
    """What the pipelines of one service were seen to do."""

    service: Service
    findings: Findings = field(default_factory=Findings)
    weak: list[tuple[str, Evidence]] = field(default_factory=list)
    neutral: list[tuple[str, Evidence]] = field(default_factory=list)
    other_work: list[tuple[str, Evidence]] = field(default_factory=list)
    unknown: list[tuple[str, Evidence]] = field(default_factory=list)
    tests: int = 0

    def pipeline(self, pipeline: Pipeline) -> None:
        """Look at every step of one pipeline."""
        if pipeline.unreadable:
            self.unknown.append((f"{pipeline.unreadable}", Evidence(pipeline.path, None, "cannot be read")))
        for step in pipeline.steps:
            if covers_step(step, self.service):
                self.step(pipeline, step)
        for step in pipeline.elsewhere:
            if (
                step.live
                and step.triggers & _CHANGE
                and of_uses(step) != "test"
                and of_strings(step) != "test"
            ):
                where = Evidence(step.path, step.line, f"`{step.uses[:120]}`")
                self.unknown.append((f"`{step.uses[:120]}` stands in another repository", where))

    def step(self, pipeline: Pipeline, step: Step) -> None:
        """One step: its commands, and what it uses."""
        for missing in step.missing:
            if step.commands and any(c.lost and _sounds_like_test(c) for c in step.commands):
                self.neutral.append((f"{missing}", Evidence(step.path, step.line, missing)))
        for note, where in _empty_calls(step):
            self.neutral.append((f"{note} tests nothing: it only prints", where))
        for text, line, path, purpose, command in _work(step):
            note = f"`{text}`"
            where = Evidence(path, line, note)
            if purpose in ("test", "load"):
                self._test(pipeline, step, command, note, where, load=purpose == "load")
            elif purpose in ("build", "lint") and step.live and step.triggers & _CHANGE:
                self.other_work.append((note, where))

    def _test(
        self, pipeline: Pipeline, step: Step, command: Command | None, note: str, where: Evidence, load: bool
    ) -> None:
        live = step.live and (command is None or command.live)
        enforced = step.enforced and (command is None or command.enforced)
        folder = f"{command.folder}/" if command and command.folder else ""
        if not live:
            self.neutral.append((f"{note} never runs: {step.why or 'it stands behind `false`'}", where))
        elif not enforced:
            self.neutral.append((f"a failure of {note} changes nothing", where))
        elif step.triggers and not step.triggers - {"call"}:
            self.neutral.append((f"{note} stands in a workflow that nothing calls", where))
        elif folder and (is_neighbours(folder, self.service) or aside(folder, self.service)):
            self.weak.append((f"{note} tests `{folder}`, which is not this service", where))
        elif not step.triggers & _CHANGE:
            kinds = sorted(map(str, step.triggers - {"call"})) or ["an event of its own"]
            self.weak.append((f"{note} does not run on a change, only on: {', '.join(kinds)}", where))
        elif load:
            self.weak.append((f"{note} is a load test, the only test that runs", where))
        else:
            system = system_name(pipeline.system)
            self.findings.add(Status.PASS, f"{note} runs on a change in {system} (`{step.job}`).", where)

    def result(self, snapshot: Snapshot, any_pipeline: bool) -> Result:
        """The verdict on all that was seen."""
        findings = self.findings
        passed = any(a.status is Status.PASS for a in findings.answers)
        for why, where in self.neutral:
            findings.skip(where.path, why, where.line)
        if not passed:
            for why, where in self.weak:
                findings.add(Status.PARTIAL, f"{_sentence(why)}.", where)
            if not self.weak and not self.neutral and self.other_work:
                kinds = ", ".join(dict.fromkeys(note for note, _ in self.other_work[:3]))
                message = f"The pipeline runs {kinds}, but no test."
                findings.add(Status.PARTIAL, message, *(where for _, where in self.other_work[:3]))
            for why, where in self.unknown if not self.neutral else ():
                message = f"{_sentence(why)}: whether it runs tests cannot be seen from here."
                findings.add(Status.UNKNOWN, message, where)
        return findings.best(self._absent(any_pipeline), self._fix(snapshot))

    def _absent(self, any_pipeline: bool) -> str:
        if self.neutral:
            return f"{_sentence(self.neutral[0][0])}, and no other test runs."
        if any_pipeline:
            return "There are pipelines, and none of them tests this service."
        return "There is code and no pipeline that would test it."

    def _fix(self, snapshot: Snapshot) -> str:
        system, path = ci_file(snapshot, self.service)
        made_with = stack(snapshot, self.service)
        command = made_with.test if made_with else "the tests"
        place = f" in `{made_with.folder}`" if made_with and made_with.folder else ""
        run = f"`{command}`{place}" if made_with else command
        if self.neutral:
            why, where = self.neutral[0]
            return (
                f"Make the test in `{where.path}` count ({why}): run {run}, and let a failure stop the build."
            )
        return (
            f"Add a step to `{path}` ({system_name(system)}) that runs {run} on pull requests and on pushes."
        )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].isalpha() else text


def _sounds_like_test(command: Command) -> bool:
    return named_test((*command.via, command.text))


def _empty_calls(step: Step) -> Iterator[tuple[str, Evidence]]:
    """Calls that are named for a test and lead only to `echo`, `true` and the like."""
    for number, command in enumerate(step.commands):
        if command.opened and _sounds_like_test(command):
            depth = len(command.via)
            inner = []
            for later in step.commands[number + 1 :]:
                if len(later.via) <= depth:
                    break
                inner.append(later)
            if inner and all(_EMPTY.match(c.text) and not c.lost for c in inner if not c.opened):
                yield f"`{_shown(command)}`", Evidence(inner[0].path, inner[0].line, _shown(inner[0]))


def _work(step: Step) -> Iterator[tuple[str, int, str, str, Command | None]]:
    """What a step does: text, line, path and purpose of each command, and of the action that it uses."""
    commands = step.commands
    purposes = [of_command(c) for c in commands]
    tested = "test" in purposes
    for command, purpose in zip(commands, purposes, strict=True):
        real = "build" if command.opened and _IMAGE.match(command.text) else purpose
        if purpose == "other" and not tested and named_test(command.via):
            real = "test"
        yield _shown(command), command.line, command.path, real, command
    if step.uses:
        purpose = of_uses(step)
        if purpose != "test" and "/.github/workflows/" in step.uses and of_strings(step) == "test":
            purpose = "test"
        yield step.uses.partition("@")[0][:120], step.line, step.path, purpose, None


def _shown(command: Command) -> str:
    text = " ".join(command.text.split())
    return text if len(text) <= 90 else f"{text[:87]}..."


_START = """\
name: ci
on:
  pull_request:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-latest
@folder@    steps:
      - uses: actions/checkout@v4
      # TODO: set up what @name@ is built with, then run its tests: @test@
      - run: exit 1
"""
_GITHUB = ".github/workflows/ci.yml"


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A workflow for GitHub Actions, where the repository has no pipeline of any system."""
    if result.evidence or ci_file(snapshot, service) != ("github", _GITHUB):
        return None
    made_with = stack(snapshot, service)
    folder = made_with.folder if made_with else service.path
    place = f"    defaults:\n      run:\n        working-directory: {folder}\n" if folder else ""
    test = f"`{made_with.test}`" if made_with else "<the command that tests it>"
    fill = (
        "the steps that set up what it is built with",
        f"`exit 1`: the command that tests, {test}",
    )
    return Start(_GITHUB, fitted(_START, service, folder=place, test=test), fill)
