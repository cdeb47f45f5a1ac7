"""Travis CI: `.travis.yml`, with what it runs by itself where no script is given."""

from collections.abc import Iterator

from catalog.document import Map, Seq, dig
from catalog.snapshot import Snapshot
from scorecards.reading.pipeline import ON_CHANGE, Pipeline, Step, Trigger
from scorecards.reading.pipelines.steps import Text, broken, followed, listed, texts

_PHASES = (
    "before_install",
    "install",
    "before_script",
    "script",
    "after_success",
    "after_failure",
    "after_script",
)
_DEFAULTS = {
    "go": "go test -v ./...",
    "node_js": "npm test",
    "ruby": "rake",
    "java": "mvn test -B",
    "rust": "cargo test --verbose",
    "php": "phpunit",
    "perl": "make test",
    "elixir": "mix test",
    "scala": "sbt test",
    "haskell": "cabal test",
    "dart": "dart test",
    "swift": "swift test",
}
"""What Travis runs where `script` is left out, by language (its documentation of each)."""


def read(snapshot: Snapshot, path: str) -> Pipeline | None:
    """The pipeline of a `.travis.yml`."""
    parsed = snapshot.parsed(path)
    if not parsed.documents:
        return broken(snapshot, path, "travis")
    data = parsed.documents[0].mapping
    steps = tuple(_steps(snapshot, path, data))
    return Pipeline(path, "travis", ON_CHANGE, steps)


def _steps(snapshot: Snapshot, path: str, data: Map) -> Iterator[Step]:
    base = Step(path, 1, "script", "script", triggers=ON_CHANGE)
    yield from _phases(snapshot, data, base, data)
    jobs = data.get("jobs") or data.get("matrix")
    for job in dig(jobs, "include") if isinstance(dig(jobs, "include"), Seq) else ():
        if isinstance(job, Map) and any(p in job for p in _PHASES):
            name = str(job.get("stage") or job.get("name") or "job")
            yield from _phases(snapshot, job, base.but(line=job.line, name=name, job=name), data)
            yield from _deployments(snapshot, job, base.but(name=name, job=name))
    yield from _deployments(snapshot, data, base)


def _deployments(snapshot: Snapshot, holder: Map, base: Step) -> Iterator[Step]:
    """What `deploy` names: a provider, or a script."""
    value = holder.get("deploy")
    for entry in value[:50] if isinstance(value, Seq) else [value]:
        if not isinstance(entry, Map):
            continue
        provider = entry.get("provider")
        triggers = frozenset[Trigger]({"tag"} if dig(entry, "on", "tags") is True else {"push"})
        step = base.but(name="deploy", job=base.job if base.job != "script" else "deploy", line=entry.line)
        step = step.but(triggers=triggers)
        if provider == "script":
            yield followed(snapshot, step, texts(entry, "script") if "script" in entry else [])
        elif isinstance(provider, str):
            yield step.but(uses=f"deploy/{provider}", inputs=entry)


def _phases(snapshot: Snapshot, holder: Map, base: Step, data: Map) -> Iterator[Step]:
    found: list[Text] = []
    for phase in _PHASES:
        if holder.get(phase):
            lines = texts(holder, phase)
            if phase.startswith("after"):
                yield followed(
                    snapshot, base.but(name=phase, enforced=False, line=holder.lines[phase]), lines
                )
            else:
                found += lines
    language = next(iter(listed(data.get("language"))), "")
    if holder is data and "script" not in data and language in _DEFAULTS and not dig(data, "jobs", "include"):
        command = _DEFAULTS[language]
        if language == "java" and ("build.gradle" in snapshot or "build.gradle.kts" in snapshot):
            command = "gradle check"
        found.append((command, data.lines.get("language", 1)))
    if found:
        yield followed(snapshot, base.but(line=found[0][1]), found)
