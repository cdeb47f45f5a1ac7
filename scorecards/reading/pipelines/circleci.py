"""CircleCI: `.circleci/config.yml`, and the files that its setup workflow continues with."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.invocation import join
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import Budget, broken, followed, is_false, listed, ordered
from scorecards.reading.words import word_set

_MAIN = ".circleci/config.yml"
_OWN = word_set(
    """
    checkout setup_remote_docker restore_cache save_cache persist_to_workspace store_artifacts
    store_test_results attach_workspace add_ssh_keys deploy
    """
)
_PARAMETER = regex(r"<<\s*(?:parameters|matrix)\.([\w-]{1,80})\s*>>")
_VALUE = regex(r"<<\s*([\w.-]{1,80})\s*>>")


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a configuration; other files than `config.yml` count where that one is a setup."""
    if path != _MAIN and not any(d.get("setup") is True for d in snapshot.parsed(_MAIN).documents):
        return None
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "circleci")
    reader = _Config(snapshot, path, parsed.documents[0].mapping)
    steps = tuple(reader.steps())
    triggers = frozenset(t for s in steps for t in s.triggers) or ON_CHANGE
    outside = tuple(s for s in steps if s.uses.partition("/")[0] in reader.orbs)
    return Pipeline(path, "circleci", triggers, steps, (), outside)


class _Config:
    def __init__(self, snapshot: Snapshot, path: str, data: Map) -> None:
        self.snapshot, self.path, self.data = snapshot, path, data
        self.budget = Budget()
        orbs = data.get("orbs")
        self.orbs = {k: str(v) for k, v in orbs.items()} if isinstance(orbs, Map) else {}

    def steps(self) -> Iterator[Step]:
        """Steps of every job that a workflow runs; without workflows, of `build`."""
        workflows = self.data.get("workflows")
        if not isinstance(workflows, Map):
            yield from self._job("build", {}, Step(self.path, 1, "build", "build", triggers=ON_CHANGE))
            return
        for name, workflow, line in ordered(workflows):
            if not isinstance(workflow, Map):
                continue
            base = Step(self.path, line, name, name, triggers=_triggers(workflow))
            if is_false(workflow.get("when")) or workflow.get("unless") is True:
                base = base.but(live=False, why="`when: false`")
            yield from self._workflow(workflow.get("jobs"), base)

    def _workflow(self, jobs: Any, base: Step) -> Iterator[Step]:
        held: set[str] = set()
        for number, entry in enumerate(jobs[:200] if isinstance(jobs, Seq) else ()):
            name, options = (
                next(iter(entry.items()), ("", None)) if isinstance(entry, Map) else (str(entry), None)
            )
            options = options if isinstance(options, Map) else Map()
            title = str(options.get("name") or name)
            step = base.but(name=title, job=title, line=jobs.lines[number])
            if options.get("type") == "approval":
                held.add(title)
                continue
            if held & set(listed(options.get("requires"))):
                held.add(title)
                step = step.but(manual=True, triggers=frozenset({"manual"}))
            step = _filtered(step, options.get("filters"))
            rows = dig(options, "matrix", "parameters")
            given = {k: v for k, v in options.items() if isinstance(v, str | int)}
            for key, values, _ in ordered(rows):
                given[key] = values[0] if isinstance(values, Seq) and values else ""
            yield from self._job(name, given, step, options)

    def _job(
        self, name: str, given: Mapping[str, Any], step: Step, options: Map | None = None
    ) -> Iterator[Step]:
        job = dig(self.data, "jobs", name)
        if not isinstance(job, Map):
            if name.partition("/")[0] in self.orbs:
                yield step.but(uses=self._orb(name), inputs=options or {})
            return
        known = {**_defaults(job), **given}
        folder = job.get("working_directory")
        folder = folder if isinstance(folder, str) and not folder.startswith(("~", "/")) else ""
        for image in _images(job):
            yield step.but(uses=image, name="service")
        yield from self._steps(job.get("steps"), step, known, folder, 0)

    def _orb(self, name: str) -> str:
        orb, _, rest = name.partition("/")
        return f"{orb}/{rest} {self.orbs[orb]}"

    def _steps(
        self, steps: Any, base: Step, known: Mapping[str, Any], folder: str, depth: int
    ) -> Iterator[Step]:
        before = ""
        for number, entry in enumerate(steps[:300] if isinstance(steps, Seq) else ()):
            if not self.budget.spend():
                return
            step = base.but(line=steps.lines[number])
            if isinstance(entry, str):
                entry_name, value = entry, None
            elif isinstance(entry, Map) and entry:
                entry_name, value = next(iter(entry.items()))
                step = step.but(line=entry.line)
            else:
                continue
            if entry_name == "run":
                yield (done := self._run(entry, value, step, known, folder, before))
                before += "\n".join(c.text for c in done.commands)[:4000]
            elif entry_name in ("when", "unless"):
                if not (entry_name == "when" and is_false(dig(value, "condition"))):
                    yield from self._steps(dig(value, "steps"), step, known, folder, depth + 1)
            elif entry_name not in _OWN:
                yield from self._command(entry_name, value, step, folder, depth)

    def _run(
        self, holder: Map, value: Any, step: Step, known: Mapping[str, Any], folder: str, before: str
    ) -> Step:
        command = value.get("command") if isinstance(value, Map) else value
        if not isinstance(command, str):
            return step
        line = (value.lines["command"] if isinstance(value, Map) else holder.lines["run"]) + ("\n" in command)
        if isinstance(value, Map):
            step = step.but(name=str(value.get("name") or step.name), condition=str(value.get("when") or ""))
            where = value.get("working_directory")
            folder = where if isinstance(where, str) else folder
        # What is left of `<< pipeline.id >>` would be a heredoc to a shell.
        text = _VALUE.sub(r"${\1}", _filled(command, known)) if "<<" in command else command
        return followed(self.snapshot, step, [(text, line)], join("", _filled(folder, known)), before)

    def _command(self, name: str, value: Any, step: Step, folder: str, depth: int) -> Iterator[Step]:
        command = dig(self.data, "commands", name)
        given = {k: v for k, v in value.items() if isinstance(v, str | int)} if isinstance(value, Map) else {}
        if isinstance(command, Map) and depth < 5:
            known = {**_defaults(command), **given}
            yield from self._steps(command.get("steps"), step, known, folder, depth + 1)
        elif name.partition("/")[0] in self.orbs:
            yield step.but(uses=self._orb(name), name=name, inputs=given)


def _triggers(workflow: Map) -> frozenset[Trigger]:
    scheduled = workflow.get("triggers")
    return frozenset({"schedule"}) if isinstance(scheduled, Seq) and scheduled else ON_CHANGE


def _filtered(step: Step, filters: Any) -> Step:
    """A job that only tags or only the default branch start."""
    only = listed(dig(filters, "branches", "only"))
    ignore = listed(dig(filters, "branches", "ignore"))
    tags = dig(filters, "tags")
    if any(i in ("/.*/", "/.+/") for i in ignore):
        return step.but(triggers=frozenset({"tag"} if tags else ()), live=bool(tags) and step.live)
    if only and not any(o.startswith("/") for o in only):
        return step.but(triggers=step.triggers - {"change"})
    return step


def _defaults(holder: Map) -> dict[str, Any]:
    found = {}
    for name, parameter, _ in ordered(holder.get("parameters")):
        if isinstance(parameter, Map) and isinstance(parameter.get("default"), str | int):
            found[name] = parameter["default"]
    return found


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return _PARAMETER.sub(lambda m: str(known.get(m[1], m[0])), text) if "<<" in text else text


def _images(job: Map) -> Iterator[str]:
    images = job.get("docker")
    for image in images[1:] if isinstance(images, Seq) else ():
        if isinstance(dig(image, "image"), str):
            yield image["image"]
