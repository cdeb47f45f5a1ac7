"""GitHub Actions workflows (also Gitea's and Forgejo's): `.github/workflows/*.yml`, composite actions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.invocation import join
from scorecards.reading.pipeline import Pipeline, Step, Trigger
from scorecards.reading.pipelines.conditions import EVENTS, conditioned, with_files
from scorecards.reading.pipelines.expressions import Scope, given_values, values
from scorecards.reading.pipelines.steps import (
    Budget,
    Text,
    branch_triggers,
    broken,
    followed,
    is_false,
    listed,
    ordered,
    raw,
)

_MAX_STEPS = 600
_ELSEWHERE = regex(r"([\w.-]{1,100}/[\w.-]{1,100})/(\.(?:github|gitea|forgejo)/workflows/[^@\s]{1,200})@\S+")


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of one workflow file, None where it is no workflow at all."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "github")
    document = parsed.documents[0]
    jobs, on = document.get("jobs"), document.get("on")
    if not isinstance(jobs, Map) or on is None:
        return None
    triggers, paths = _triggers(on)
    workflow = _Workflow(snapshot, path, triggers, snapshot)
    steps = tuple(workflow.steps(document.mapping, Scope({}), Step(path, 1, "", "", triggers=triggers), 0))
    name = document.get("name")
    return Pipeline(
        path,
        "github",
        triggers,
        steps,
        paths,
        tuple(s for s in steps if _leads_out(s)),
        name if isinstance(name, str) else "",
        asks=tuple(n for n, _, _ in ordered(dig(on, "workflow_dispatch", "inputs"))),
    )


def _leads_out(step: Step) -> bool:
    return "/.github/workflows/" in step.uses and not step.uses.startswith("./")


def _triggers(on: Any) -> tuple[frozenset[Trigger], tuple[str, ...]]:
    """What starts the workflow, and the paths that all of its changes are filtered by."""
    events = on if isinstance(on, Map) else dict.fromkeys(listed(on))
    found: set[Trigger] = set()
    filters: list[tuple[str, ...]] = []
    for event, options in events.items():
        if event == "push":
            found |= _push(options)
        elif event == "workflow_run":
            names = listed(dig(options, "workflows"))
            found.add("other")
            found |= {"change"} if names else set()
        else:
            found.add(EVENTS.get(event, "other"))
        if event in ("push", "pull_request", "pull_request_target"):
            excluded = tuple(f"!{p}" for p in listed(dig(options, "paths-ignore")))
            filters.append((*listed(dig(options, "paths")), *excluded))
    if not filters or () in filters:
        return frozenset(found), ()
    return frozenset(found), tuple(dict.fromkeys(p for some in filters for p in some))


def _push(options: Any) -> set[Trigger]:
    branches, tags = listed(dig(options, "branches")), listed(dig(options, "tags"))
    if branches or not tags:
        found = set(branch_triggers(branches))
        return found | {"tag"} if tags else found
    return {"tag"}


@dataclass(frozen=True, slots=True)
class _Workflow:
    """Reads the jobs of one workflow, and those of workflows that it calls.

    `snapshot` is the repository that the jobs check out, `home` the one in which their workflow stands, whose
    paths begin with `prefix`: the two differ where a workflow of another repository is called.
    """

    snapshot: Snapshot
    path: str
    triggers: frozenset[Trigger]
    home: Snapshot
    prefix: str = ""
    budget: Budget = field(default_factory=Budget)

    def steps(self, workflow: Map, scope: Scope, base: Step, depth: int) -> Iterator[Step]:
        """Every step of every job."""
        jobs = workflow.get("jobs")
        scope = scope.with_values("env", workflow.get("env"))
        for name, job, line in ordered(jobs)[:100]:
            if isinstance(job, Map) and self.budget.spend():
                yield from self._job(workflow, name, job, line, scope, base, depth)

    def _job(
        self, workflow: Map, name: str, job: Map, line: int, scope: Scope, base: Step, depth: int
    ) -> Iterator[Step]:
        title = job.get("name")
        shown = title if isinstance(title, str) and "${{" not in title else name
        context = conditioned(base.but(line=line, name=shown, job=name), job.get("if"))
        if _is_true(job.get("continue-on-error")):
            context = context.but(enforced=False)
        if context.live and (dead := _dead_need(workflow, job)):
            context = context.but(live=False, why=f"needs the job `{dead}`, which never runs")
        scope = scope.with_matrix(dig(job, "strategy", "matrix")).with_values("env", job.get("env"))
        uses = job.get("uses")
        if isinstance(uses, str):
            yield from self._reusable(uses, job, context, scope, depth)
            return
        for image in _images(job):
            yield context.but(uses=image, name="service")
        default = dig(job, "defaults", "run", "working-directory")
        if not isinstance(default, str):
            default = dig(workflow, "defaults", "run", "working-directory")
        default = default if isinstance(default, str) else ""
        yield from self.sequence(job.get("steps"), context, scope, default, depth)

    def _reusable(self, uses: str, job: Map, context: Step, scope: Scope, depth: int) -> Iterator[Step]:
        given = job.get("with") or {}
        inputs = {k: scope.fill(str(v)) for k, v in given.items()} if isinstance(given, Map) else {}
        step = context.but(uses=uses, inputs=inputs)
        called, path = self, uses.removeprefix("./")
        if not uses.startswith("./"):
            found = _ELSEWHERE.fullmatch(uses)
            home = self.snapshot.other(found[1]) if found else None
            if found is None or home is None or found[2] not in home:
                yield step
                return
            called, path = replace(self, home=home, prefix=f"{found[1]}:"), found[2]
        if path not in called.home:
            yield step.but(missing=(f"`{uses}` is not in the repository",))
        elif depth < 4:
            inner = called.home.parsed(path).documents
            workflow = inner[0].mapping if inner else Map()
            known = Scope(
                {**values("inputs", dig(workflow, "on", "workflow_call", "inputs")), **given_values(inputs)}
            )
            yield from called.steps(workflow, known, context.but(path=called.prefix + path), depth + 1)

    def sequence(self, steps: Any, context: Step, scope: Scope, folder: str, depth: int) -> Iterator[Step]:
        """The steps of a job or of a composite action, in order."""
        before = ""
        for number, step in enumerate(steps[:_MAX_STEPS] if isinstance(steps, Seq) else ()):
            if not isinstance(step, Map) or not self.budget.spend():
                continue
            title = step.get("name") or step.get("id") or step.get("uses") or "run"
            run, uses = step.get("run"), step.get("uses")
            used = uses if isinstance(uses, str) and not isinstance(run, str) else ""
            given = step.get("with")
            inputs = {k: scope.fill(v) if isinstance(v, str) else v for k, v, _ in ordered(given)}
            proto = context.but(line=step.line, name=str(title)[:200], uses=used, inputs=inputs)
            proto = with_files(self.snapshot, conditioned(proto, step.get("if")))
            if _is_true(step.get("continue-on-error")) and not _checked_later(
                step.get("id"), steps[number + 1 :]
            ):
                proto = proto.but(enforced=False)
            env = step.get("env")
            inner = scope.with_values("env", env) if env else scope
            if isinstance(run, str):
                yield self._run(step, run, proto, inner, folder, before)
                before += run[:4000] + "\n"
            elif used:
                before += _fetched(step)
                yield from self._uses(step, proto, inner, folder, before, depth)

    def _run(self, step: Map, run: str, proto: Step, scope: Scope, folder: str, before: str) -> Step:
        line = step.lines["run"] + (1 if "\n" in run else 0)
        where = step.get("working-directory")
        folder = where if isinstance(where, str) else folder
        shell = step.get("shell")
        if isinstance(shell, str) and not shell.startswith(("bash", "sh", "pwsh", "powershell", "cmd", "$")):
            return raw(proto, run, line)
        done = set()
        for one in scope.each(f"{folder} {run}"):
            text, place = one.fill(run), one.fill(folder)
            if (text, place) not in done:
                done.add((text, place))
                proto = followed(self.snapshot, proto, [(text, line)], join("", place), before)
        return proto

    def _uses(
        self, step: Map, proto: Step, scope: Scope, folder: str, before: str, depth: int
    ) -> Iterator[Step]:
        uses, given = proto.uses, step.get("with")
        inputs = proto.inputs
        if not uses.startswith("./"):
            given = given if isinstance(given, Map) else Map(proto.line)
            if _COMMAND_KEYS.search(" ".join((*given, uses)).lower()):
                for one in scope.each(f"{folder} {' '.join(map(str, given.values()))}"):
                    filled_in = {k: one.fill(v) if isinstance(v, str) else v for k, v, _ in ordered(given)}
                    texts = list(_input_commands(uses, given, filled_in))
                    if texts:
                        proto = followed(self.snapshot, proto, texts, join("", one.fill(folder)))
            yield proto
            return
        path = join("", uses) or ""
        names = (
            f"{path}/action.yml" if path else "action.yml",
            f"{path}/action.yaml" if path else "action.yaml",
        )
        action = next((n for n in names if n in self.snapshot), None)
        if action is None:
            made = "${{" in uses or path.partition("/")[0] + "/" in before
            yield proto if made else proto.but(missing=(f"`{uses}` is not in the repository",))
            return
        yield proto
        documents = self.snapshot.parsed(action).documents
        runs = documents[0].get("runs") if documents else None
        if dig(runs, "using") == "composite" and depth < 4:
            known = Scope({**values("inputs", documents[0].get("inputs")), **given_values(inputs)})
            inner = proto.but(path=action, uses="", inputs={})
            yield from self.sequence(dig(runs, "steps"), inner, known, "", depth + 1)


def _images(job: Map) -> Iterator[str]:
    """Images that run beside the job."""
    for _, service, _ in ordered(job.get("services")):
        image = service.get("image") if isinstance(service, Map) else service
        if isinstance(image, str):
            yield image


def _dead_need(workflow: Map, job: Map) -> str:
    """The job that this one needs and that never runs, unless its own condition lifts that."""
    condition = str(job.get("if", ""))
    if "always()" in condition or "failure()" in condition or "cancelled()" in condition:
        return ""
    jobs = workflow.get("jobs")
    for need in listed(job.get("needs")):
        if is_false(dig(jobs, need, "if")):
            return need
    return ""


def _checked_later(identity: Any, later: Any) -> bool:
    """Whether a later step fails the job for the outcome of this one."""
    if not isinstance(identity, str):
        return False
    marks = (f"steps.{identity}.outcome", f"steps.{identity}.outputs")
    for step in later:
        if isinstance(step, Map):
            text = f"{step.get('if')} {step.get('run')} {step.get('env')}"
            if any(m in text for m in marks) and re.search(r"exit\s+[\"']?[1-9$]|core\.setFailed", text):
                return True
    return False


def _fetched(step: Map) -> str:
    """Where a checkout of another repository goes: what it holds is not missing here."""
    given = step.get("with")
    other = dig(given, "repository")
    return f"{dig(given, 'path')}/ " if isinstance(other, str) and "github.repository" not in other else ""


_COMMAND_INPUTS = frozenset(
    ("run", "runcmd", "command", "cmd", "script", "scripts", "inlinescript", "commands", "arguments", "args",
     "test-command", "gradle-command", "maven-args", "run-command", "goals", "maven-goals-phases", "start",
     "testcommand", "test_command", "test-script", "target", "targets", "tests", "build-command")
)  # fmt: skip
_COMMAND_KEYS = regex(r"run|command|cmd|script|arg|test|goals|start|target|docker-?build|build-push")
_TOOLS = regex(
    r"(?:^|[/_-])(cargo|yarn|gradle|maven|mvn|sbt|npm|pnpm|tox|nox|make|just|bazel|dotnet|flutter|composer|"
    r"rake|poetry|helm|terraform|lerna|nx|hatch)(?:[/_@-]|$)"
)


def _input_commands(uses: str, given: Any, inputs: Mapping[str, Any]) -> Iterator[Text]:
    """Commands that an action is given to run, and the image that it is told to build."""
    name = uses.partition("@")[0]
    if "build-push-action" in name or name.endswith(("docker-build", "buildah-build")):
        words = [f"-f {inputs['file']}"] if isinstance(inputs.get("file"), str) else []
        words += [f"--target {inputs['target']}"] if isinstance(inputs.get("target"), str) else []
        yield f"docker build {' '.join(words)} {inputs.get('context') or '.'}", given.line if given else 1
        return
    tool = _TOOLS.search(name)
    for key, value, line in ordered(given):
        if key.lower() not in _COMMAND_INPUTS or not isinstance(value, str):
            continue
        text = str(inputs.get(key, value))
        if tool and key.lower() in ("arguments", "args", "cmd", "command", "goals", "target", "targets"):
            head = {"maven": "mvn"}.get(tool.group(1), tool.group(1))
            rest = f" {inputs['args']}" if key == "command" and isinstance(inputs.get("args"), str) else ""
            text = text if text.startswith(head) else f"{head} {text}{rest}"
        yield text, line + (1 if "\n" in value else 0)


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip("${} ").lower() in ("true", "always()"))
