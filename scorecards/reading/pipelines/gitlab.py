"""GitLab CI: `.gitlab-ci.yml` with its local includes, `extends`, `!reference` and child pipelines."""

import fnmatch
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Document, Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import Budget, Text, followed, listed, ordered
from scorecards.reading.pipelines.steps import texts as shell_texts

_KEYWORDS = frozenset(
    ("stages", "variables", "default", "include", "workflow", "image", "services", "cache", "before_script",
     "after_script", "pages", "spec", "types")
)  # fmt: skip
_MAX_FILES = 60
_EVERY: frozenset[Trigger] = frozenset({"change", "push", "tag", "schedule", "manual"})
_SOURCES: Mapping[str, Trigger] = {
    "merge_request_event": "change",
    "external_pull_request_event": "change",
    "push": "push",
    "schedule": "schedule",
    "web": "manual",
    "api": "manual",
    "trigger": "manual",
    "parent_pipeline": "change",
    "pipeline": "other",
}


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a repository's `.gitlab-ci.yml` and what it includes from the repository."""
    book = _Book(snapshot)
    book.load(path)
    if not book.jobs:
        return (
            Pipeline(path, "gitlab", frozenset(), (), (), book.elsewhere(path), "", book.unreadable)
            if (book.outside or book.unreadable)
            else None
        )
    steps = tuple(book.steps())
    triggers = frozenset(t for s in steps for t in s.triggers) or ON_CHANGE
    return Pipeline(path, "gitlab", triggers, steps, (), book.elsewhere(path), "", book.unreadable)


class _Job(NamedTuple):
    """A job as one file writes it; `over` is the included one that it is merged over, key by key."""

    body: Map
    path: str
    line: int
    over: "_Job | None" = None


class _Book:
    """All jobs and templates of a pipeline, from its file and local includes."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.jobs: dict[str, _Job] = {}
        self.defaults: dict[str, Any] = {}
        self.outside: list[tuple[str, Mapping[str, Any], str, int]] = []
        self.missing: list[tuple[str, str, int]] = []
        self.unreadable = ""
        self._read: set[str] = set()
        self._merged: dict[int, dict[str, Any]] = {}
        self._budget = Budget()

    def load(self, path: str, home: Snapshot | None = None, prefix: str = "") -> None:
        """Read one file and, first, what it includes, since its own jobs win over those.

        `home` is the repository that holds it, where that is another one; `prefix` is how its paths begin.
        """
        shown = prefix + path
        if shown in self._read or len(self._read) >= _MAX_FILES:
            return
        self._read.add(shown)
        home = home or self.snapshot
        parsed = home.parsed(path)
        if parsed.errors and not self.unreadable:
            self.unreadable = str(parsed.errors[0])
        for document in parsed.documents:
            self._includes(document, home, prefix)
            for name, body, line in ordered(document.data):
                if name == "default" and isinstance(body, Map):
                    self.defaults.update(body)
                elif name in ("before_script", "after_script", "image", "services", "workflow"):
                    self.defaults[name] = body
                elif isinstance(body, Map) and (name not in _KEYWORDS or name == "pages"):
                    self.jobs[name] = _Job(body, shown, line, self.jobs.get(name))

    def _includes(self, document: Document, home: Snapshot, prefix: str) -> None:
        included = document.get("include")
        line = document.line_of("include")
        for entry in included if isinstance(included, Seq) else [included]:
            local = entry if isinstance(entry, str) else dig(entry, "local")
            if isinstance(local, str) and "://" not in local:
                self._include_local(local.lstrip("/"), home, prefix, (document.path, line))
            elif (isinstance(entry, Map) or isinstance(local, str)) and not self._include_project(entry):
                self.outside.append((*_outside(entry), document.path, line))

    def _include_local(self, pattern: str, home: Snapshot, prefix: str, where: tuple[str, int]) -> None:
        if "$" in pattern:
            return
        if "*" not in pattern:
            if pattern in home:
                self.load(pattern, home, prefix)
            else:
                self.missing.append((f"`{prefix}{pattern}` is not in the repository", *where))
            return
        matching = re.compile(fnmatch.translate(pattern))
        for found in [p for p in home.files if matching.match(p)][:_MAX_FILES]:
            self.load(found, home, prefix)

    def _include_project(self, entry: Any) -> bool:
        """Read what another project of the catalog holds; False where that is not at hand."""
        project, files = dig(entry, "project"), listed(dig(entry, "file"))
        if not isinstance(project, str) or "$" in project or not files:
            return False
        home = self.snapshot.other(project)
        paths = [file.lstrip("/") for file in files]
        if home is None or not all(path in home for path in paths):
            return False
        for path in paths:
            self.load(path, home, f"{project}:")
        return True

    def elsewhere(self, path: str) -> tuple[Step, ...]:
        """What is included from other repositories, and steps that trigger pipelines of others."""
        return tuple(
            Step(where, line, "include", "", uses=uses, inputs=inputs, triggers=ON_CHANGE)
            for uses, inputs, where, line in self.outside
        )

    def merged(self, job: _Job, depth: int = 0) -> dict[str, Any]:
        """The job's own keys over those that it extends."""
        known = self._merged.get(id(job.body))
        if known is not None:
            return known
        result: dict[str, Any] = {}
        if depth < 8:
            if job.over is not None:
                result.update(self.merged(job.over, depth + 1))
            for parent in listed(job.body.get("extends")):
                if parent in self.jobs:
                    result.update(self.merged(self.jobs[parent], depth + 1))
        for key, value in job.body.items():
            result[key] = _Value(job.body, key, value, job.path)
        self._merged[id(job.body)] = result
        return result

    def steps(self) -> Iterator[Step]:
        """One step a job; templates (`.name`) are none."""
        for path_missing in self.missing:
            message, path, line = path_missing
            yield Step(path, line, "include", "include", missing=(message,), triggers=ON_CHANGE)
        for name, job in self.jobs.items():
            if not name.startswith("."):
                yield from self._job(name, job)

    def _job(self, name: str, job: _Job) -> Iterator[Step]:
        keys = self.merged(job)
        plain = {k: v.value for k, v in keys.items()}
        step = Step(job.path, job.line, name, name, condition=str(plain.get("stage") or ""))
        step = _ruled(step, plain, self.defaults.get("workflow"))
        if _lenient(plain.get("allow_failure")):
            step = step.but(enforced=False)
        image = plain.get("image") or self.defaults.get("image")
        image = image.get("name") if isinstance(image, Map) else image
        step = step.but(inputs={"image": image} if isinstance(image, str) else {})
        trigger = plain.get("trigger")
        if trigger is not None:
            yield from self._child(trigger, step)
            return
        for service in _images(plain.get("services") or self.defaults.get("services")):
            yield step.but(uses=service, name="service", inputs={})
        found: list[Text] = []
        before = keys.get("before_script")
        if before is None and "before_script" in self.defaults:
            found += self._texts(_Value(Map(), "before_script", self.defaults["before_script"], job.path))
        for key in ("before_script", "script", "after_script"):
            if key in keys:
                found += self._texts(keys[key])
        yield followed(self.snapshot, step, found)

    def _texts(self, value: "_Value", depth: int = 0) -> list[Text]:
        """The shell texts of a script, `!reference [job, script]` looked up."""
        holder = value.value
        if not isinstance(holder, Seq):
            return shell_texts(value.holder, value.key) if value.key in value.holder else []
        found: list[Text] = []
        for number, item in enumerate(holder[:300]):
            if not self._budget.spend():
                break
            if isinstance(item, Seq) and len(item) == 2 and item[0] in self.jobs and depth < 6:
                other = self.merged(self.jobs[item[0]])
                if item[1] in other:
                    found += self._texts(other[item[1]], depth + 1)
            else:
                found += shell_texts(holder, number)
        return found

    def _child(self, trigger: Any, step: Step) -> Iterator[Step]:
        """A downstream pipeline: read if it stands in this repository."""
        included = dig(trigger, "include")
        for entry in included if isinstance(included, Seq) else [included] if included else []:
            local = entry if isinstance(entry, str) else dig(entry, "local")
            if isinstance(local, str) and local.lstrip("/") in self.snapshot:
                book = _Book(self.snapshot)
                book._read = self._read
                book.load(local.lstrip("/"))
                for inner in book.steps():
                    live, enforced = step.live and inner.live, step.enforced and inner.enforced
                    both = inner.triggers & step.triggers
                    yield inner.but(
                        live=live, enforced=enforced, triggers=both, paths=inner.paths or step.paths
                    )
        project = trigger if isinstance(trigger, str) else dig(trigger, "project")
        if isinstance(project, str):
            yield step.but(uses=project)


class _Value(NamedTuple):
    holder: Map
    key: str
    value: Any
    path: str


def _lenient(allowed: Any) -> bool:
    """Whether a job may fail: always, or with the status 1 with which most programs fail."""
    if isinstance(allowed, Map):
        codes = allowed.get("exit_codes")
        return not allowed or 1 in (codes if isinstance(codes, Seq) else [codes])
    return allowed is True


def _outside(entry: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(entry, str):
        return entry, {}
    names = [str(entry[k]) for k in ("template", "project", "remote", "component") if k in entry]
    files = listed(entry.get("file"))
    inputs = entry.get("inputs")
    return " ".join([*names, *files]), inputs if isinstance(inputs, Map) else {}


def _images(services: Any) -> Iterator[str]:
    for service in services if isinstance(services, Seq) else ():
        name = service.get("name") if isinstance(service, Map) else service
        if isinstance(name, str):
            yield name


def _ruled(step: Step, job: Mapping[str, Any], workflow: Any) -> Step:
    """The step under its `rules`, `only`, `except` and `when`."""
    when = job.get("when")
    if when == "never":
        return step.but(live=False, why="`when: never`")
    rules = job.get("rules")
    if when == "on_failure" or (
        isinstance(rules, Seq) and any(dig(r, "when") == "on_failure" for r in rules)
    ):
        step = step.but(condition=f"{step.condition} on_failure".strip())
    if isinstance(rules, Seq):
        step = _by_rules(step, rules, str(when or "on_success"))
    elif "only" in job or "except" in job:
        step = step.but(triggers=_only(job.get("only"), job.get("except")), paths=_changes(job.get("only")))
    else:
        step = step.but(triggers=_EVERY)
    if when == "manual" and not isinstance(rules, Seq):
        step = step.but(manual=True, triggers=frozenset({"manual"}))
    allowed = dig(workflow, "rules")
    if isinstance(allowed, Seq):
        some = _by_rules(step, allowed, "always").triggers
        step = step.but(triggers=step.triggers & some if step.triggers & some else step.triggers)
    return step


def _by_rules(step: Step, rules: Seq, default: str) -> Step:
    triggers: set[Trigger] = set()
    paths: list[str] = []
    unfiltered = manual = lenient = False
    for rule in rules[:50]:
        if not isinstance(rule, Map):
            continue
        when = str(rule.get("when") or default)
        if when == "never":
            if "if" not in rule and "changes" not in rule and "exists" not in rule:
                break
            continue
        some = _condition(rule.get("if"))
        if when == "manual":
            manual, some = True, frozenset({"manual"})
        elif some:
            lenient = lenient or rule.get("allow_failure") is True
        changes = listed(dig(rule, "changes", "paths") or rule.get("changes"))
        paths += changes
        unfiltered = unfiltered or not changes
        triggers |= some
    if not triggers:
        return step.but(live=False, why="no rule lets it run")
    return step.but(
        triggers=frozenset(triggers),
        manual=manual and triggers <= {"manual"},
        paths=() if unfiltered else tuple(paths),
        enforced=step.enforced and not lenient,
    )


_SOURCE = regex(r"\$\{?CI_PIPELINE_SOURCE\}?\s*(==|!=|=~)\s*[\"'/]?\^?(\w+)")


def _condition(condition: Any) -> frozenset[Trigger]:
    """What a rule's condition lets start the job; everything where it says nothing of that."""
    if not isinstance(condition, str):
        return _EVERY if condition is None else frozenset()
    if condition.strip().strip("\"'").lower() in ("false", "never", "$never", "0"):
        return frozenset()
    triggers: set[Trigger] = set()
    for part in condition.split("||")[:20]:
        some = set(_EVERY)
        for operator, source in _SOURCE.findall(part):
            meant = {_SOURCES.get(source, "other")} | ({"change"} if source == "push" else set())
            some = some - meant if operator == "!=" else some & meant
        if "$CI_COMMIT_TAG" in part and "== null" not in part and "!" not in part:
            some &= {"tag"}
        elif "CI_DEFAULT_BRANCH" in part and "!=" not in part:
            some -= {"change", "tag"}
        elif "$CI_MERGE_REQUEST" in part and "!" not in part:
            some &= {"change"}
        triggers |= some
    return frozenset(triggers)


def _only(only: Any, excepted: Any) -> frozenset[Trigger]:
    refs = listed(only if not isinstance(only, Map) else only.get("refs"))
    out = listed(excepted if not isinstance(excepted, Map) else excepted.get("refs"))
    if not refs:
        found = set(_EVERY)
    else:
        found = set()
        for ref in refs:
            found |= _REFS.get(ref, {"push"} if not ref.startswith("/") else {"change", "push", "tag"})
    for ref in out:
        if ref in _REFS and ref not in ("branches", "pushes"):
            found -= _REFS[ref]
    return frozenset(found)


_REFS: Mapping[str, set[Trigger]] = {
    "merge_requests": {"change"},
    "external_pull_requests": {"change"},
    "branches": {"change", "push"},
    "pushes": {"change", "push"},
    "tags": {"tag"},
    "schedules": {"schedule"},
    "web": {"manual"},
    "api": {"manual"},
    "triggers": {"manual"},
    "pipelines": {"other"},
}


def _changes(only: Any) -> tuple[str, ...]:
    return tuple(listed(dig(only, "changes")))
