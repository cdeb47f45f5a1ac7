"""Azure Pipelines: stages, jobs, deployment jobs and local templates."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.invocation import join
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import (
    Budget,
    Text,
    branch_triggers,
    broken,
    followed,
    is_false,
    listed,
    ordered,
)
from scorecards.reading.words import word_set

_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_PARAMETER = regex(r"\$\{\{\s*(?:parameters|variables)\.([\w-]{1,80})\s*\}\}|\$\(([\w-]{1,80})\)")
_MAX = 300
_STRATEGY = word_set(
    "strategy runOnce rolling canary deploy preDeploy postRouteTraffic routeTraffic on success failure"
)


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a file; None for a template, which runs only where it is named, or other YAML."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "azure") if "azure-pipeline" in path else None
    data = parsed.documents[0].mapping
    body = [k for k in ("stages", "jobs", "steps", "extends") if k in data]
    named = posixpath.basename(path).startswith(("azure-pipelines", "azure_pipelines", "azure-pipeline"))
    starts = any(k in data for k in ("trigger", "pr", "schedules", "pool"))
    if not body or not (starts or (named and "parameters" not in data)) or "on" in data:
        return None
    triggers, paths = _triggers(data)
    reader = _Reader(snapshot)
    steps = tuple(reader.body(data, Step(path, 1, "", "", triggers=triggers), _variables(data)))
    outside = tuple(s for s in steps if "@" in s.uses and f"@{s.uses.rpartition('@')[2]}" in reader.outside)
    return Pipeline(path, "azure", triggers, steps, paths, outside)


def _triggers(data: Map) -> tuple[frozenset[Trigger], tuple[str, ...]]:
    found: set[Trigger] = {"manual"}
    paths: list[str] = []
    filtered = True
    for key in ("trigger", "pr"):
        value = data.get(key)
        if value == "none" or (key in data and value is None and key == "trigger"):
            continue
        branches = (
            listed(value) or listed(dig(value, "branches")) or listed(dig(value, "branches", "include"))
        )
        tags = dig(value, "tags")
        if key == "pr" and key in data:
            found.add("change")
        elif key == "trigger" and not (tags and not branches):
            found |= branch_triggers(branches) if key in data else ON_CHANGE
        elif tags:
            found.add("tag")
        some = listed(dig(value, "paths", "include"))
        some += [f"!{p}" for p in listed(dig(value, "paths", "exclude"))]
        filtered = filtered and (bool(some) or key not in data)
        paths += some
    if data.get("schedules"):
        found.add("schedule")
    globs = tuple(f"{p.rstrip('/')}/**" if "*" not in p and "." not in p else p for p in paths)
    return frozenset(found), globs if filtered else ()


def _variables(data: Map) -> dict[str, str]:
    found = {}
    for name, value, _ in ordered(data.get("variables")):
        found[name] = str(value)
    for entry in data["variables"] if isinstance(data.get("variables"), Seq) else ():
        if isinstance(entry, Map) and isinstance(entry.get("name"), str):
            found[entry["name"]] = str(entry.get("value"))
    return found | _defaults(data)


def _defaults(data: Map) -> dict[str, str]:
    parameters = data.get("parameters")
    found = {name: str(v) for name, v, _ in ordered(parameters) if isinstance(v, str | int)}
    for entry in parameters if isinstance(parameters, Seq) else ():
        if isinstance(entry, Map) and isinstance(entry.get("default"), str | int):
            found[str(entry.get("name"))] = str(entry["default"])
    return found


class _Reader:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.budget = Budget()
        self.outside: set[str] = set()

    def body(self, data: Any, base: Step, known: Mapping[str, str], depth: int = 0) -> Iterator[Step]:
        """Everything below a mapping that may hold stages, jobs, steps or a strategy."""
        if not isinstance(data, Map) or depth > 14:
            return
        for key, value, _ in ordered(data):
            if key in ("stages", "jobs"):
                yield from self._units(value, base, known, depth + 1)
            elif key in ("steps",):
                yield from self._steps(value, base, known, depth + 1)
            elif key == "extends":
                yield from self._template(value, base, known, depth + 1)
            elif key in _STRATEGY:
                inner = base.but(condition="failed()") if key == "failure" else base
                yield from self.body(value, inner, known, depth + 1)

    def _units(self, units: Any, base: Step, known: Mapping[str, str], depth: int) -> Iterator[Step]:
        for number, unit in enumerate(units[:_MAX] if isinstance(units, Seq) else ()):
            if not isinstance(unit, Map) or not self.budget.spend():
                continue
            names = [unit.get(k) for k in ("job", "deployment", "stage") if isinstance(unit.get(k), str)]
            name = str(unit.get("displayName") or (names[0] if names else base.name))
            step = _conditioned(base.but(line=units.lines[number], name=name, job=name), unit)
            if "template" in unit:
                yield from self._template(unit, step, known, depth)
            elif any(key.startswith("${{") for key in unit):
                yield from self._branches(unit, step, known, depth, self._units)
            else:
                yield from self.body(unit, step, {**known, **_variables(unit)}, depth)

    def _branches(
        self, unit: Map, step: Step, known: Mapping[str, str], depth: int, read: Any
    ) -> Iterator[Step]:
        for key, value, _ in ordered(unit):
            if key.startswith("${{") and depth < 14:
                yield from read(value, step, known, depth + 1)

    def _steps(self, steps: Any, base: Step, known: Mapping[str, str], depth: int) -> Iterator[Step]:
        before = ""
        for number, entry in enumerate(steps[:_MAX] if isinstance(steps, Seq) else ()):
            if not isinstance(entry, Map) or not self.budget.spend():
                continue
            step = base.but(line=steps.lines[number], name=str(entry.get("displayName") or base.name))
            step = _conditioned(step, entry)
            if "template" in entry:
                yield from self._template(entry, step, known, depth)
            elif isinstance(entry.get("task"), str):
                yield self._task(entry, step, known, before)
            elif any(key.startswith("${{") for key in entry):
                yield from self._branches(entry, step, known, depth, self._steps)
            for key in _SCRIPTS:
                text = entry.get(key)
                if isinstance(text, str):
                    line = entry.lines[key] + ("\n" in text)
                    folder = _folder(entry.get("workingDirectory"), known)
                    yield followed(self.snapshot, step, [(_filled(text, known), line)], folder, before)
                    before += text[:4000] + "\n"

    def _task(self, entry: Map, step: Step, known: Mapping[str, str], before: str) -> Step:
        given = entry.get("inputs")
        inputs = {k: _filled(v, known) if isinstance(v, str) else v for k, v, _ in ordered(given)}
        step = step.but(uses=entry["task"], inputs=inputs)
        texts = list(_task_commands(entry["task"].partition("@")[0].lower(), given, inputs))
        folder = _folder(inputs.get("workingDirectory") or inputs.get("workingDir"), known)
        return followed(self.snapshot, step, texts, folder, before) if texts else step

    def _template(self, entry: Any, step: Step, known: Mapping[str, str], depth: int) -> Iterator[Step]:
        name, given = dig(entry, "template"), dig(entry, "parameters")
        if not isinstance(name, str):
            return
        inputs = {k: v for k, v, _ in ordered(given)}
        file, _, repository = name.partition("@")
        if repository and repository != "self":
            self.outside.add(f"@{repository}")
            yield step.but(uses=name, inputs=inputs)
            return
        path = (
            file.lstrip("/") if file.startswith("/") else posixpath.join(posixpath.dirname(step.path), file)
        )
        path = posixpath.normpath(path)
        documents = self.snapshot.parsed(path).documents if path in self.snapshot else ()
        if documents and depth < 12:
            data = documents[0].mapping
            plain = {k: str(v) for k, v in inputs.items() if isinstance(v, str | int)}
            yield from self.body(data, step.but(path=path), {**known, **_defaults(data), **plain}, depth + 1)
        elif "$" in path:
            yield step.but(uses=name, inputs=inputs)
        elif not documents:
            yield step.but(uses=name, inputs=inputs, missing=(f"`{name}` is not in the repository",))


def _conditioned(step: Step, holder: Map) -> Step:
    condition = holder.get("condition")
    if is_false(condition) or holder.get("enabled") is False:
        why = "`enabled: false`" if holder.get("enabled") is False else f"`condition: {condition}`"
        return step.but(live=False, why=why)
    if holder.get("continueOnError") is True:
        step = step.but(enforced=False)
    if isinstance(condition, str):
        triggers = step.triggers
        if "'PullRequest'" in condition and "ne(" in condition:
            triggers = triggers - {"change"}
        elif "'Manual'" in condition and "eq(" in condition:
            triggers = frozenset({"manual"})
        step = step.but(condition=condition[:1000], triggers=triggers, manual=triggers <= {"manual"})
    return step


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda m: known.get(m[1] or m[2], m[0]), text) if "$" in text else text


def _folder(value: Any, known: Mapping[str, str]) -> str | None:
    if not isinstance(value, str):
        return ""
    return join("", _filled(_ROOT.sub("", value), known))


_ROOT = regex(r"\$\((?:Build\.SourcesDirectory|System\.DefaultWorkingDirectory|Pipeline\.Workspace/s)\)/?")


_TASKS = {
    **{name: name for name in ("npm", "gradle", "yarn", "docker", "go", "kubectl", "make")},
    "dotnetcorecli": "dotnet",
    "maven": "mvn",
    "kubernetes": "kubectl",
    "helmdeploy": "helm",
    "terraformtaskv4": "terraform",
}


def _task_commands(task: str, given: Any, inputs: Mapping[str, Any]) -> Iterator[Text]:
    """The command that a well-known task stands for, and scripts that any task is given."""
    for key, value, line in ordered(given):
        if key.lower() in ("script", "inlinescript", "customscript", "inline") and isinstance(value, str):
            yield str(inputs[key]), line + ("\n" in value)
        elif key.lower() in ("filepath", "scriptpath", "targetfile") and isinstance(value, str):
            yield f"bash {inputs[key]} {inputs.get('arguments') or ''}", line
    tool = _TASKS.get(task)
    if tool:
        keys = ("command", "customCommand", "goals", "tasks", "arguments", "options", "custom")
        words = [str(inputs[k]) for k in keys if isinstance(inputs.get(k), str)]
        if tool == "docker":
            file = inputs.get("Dockerfile") or inputs.get("dockerfile")
            words = [
                str(inputs.get("command") or "build"),
                *([f"-f {file}"] if isinstance(file, str) else []),
                ".",
            ]
        text = " ".join(w for w in words if w not in ("custom", "buildAndPush"))
        if tool == "docker" and "buildAndPush" in words:
            text = f"build {text}"
        yield f"{tool} {text}", given.line if isinstance(given, Map) else 1
