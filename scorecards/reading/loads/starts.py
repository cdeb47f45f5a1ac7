"""What starts load tests: steps of pipelines, objects of a cluster, and commands that a person runs."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from catalog.document import Map, Seq
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.flaw import Flaw
from scorecards.reading.invocation import join, unwrapped
from scorecards.reading.load import Limit, Start, named
from scorecards.reading.loads import cluster
from scorecards.reading.loads.code import k6_limit
from scorecards.reading.loads.judging import Later, judged
from scorecards.reading.loads.tools import BARE, SCRIPTS, WORDS, action_of, image_of, tool_of
from scorecards.reading.paths import paths
from scorecards.reading.pipeline import Command, Pipeline, Step
from scorecards.reading.runs import steps
from scorecards.reading.words import words
from scorecards.result import Status

_MAX = 300
_ENDINGS = tuple({e for endings in SCRIPTS.values() for e in endings})
_NO_LIMITS = regex(
    r"--no-thresholds(?!=false)|\bK6_NO_THRESHOLDS=[\"']?true|failOnError=false|--insecure-no-ensure"
)
_APART = regex(r"\bdocker\b.*\brun\b.*\s(?:-d|--detach)\b")
_USERS = regex(r"(?:^|\s)(?:-u|--vus|-s|--stage)\b|K6_(?:VUS|STAGES)|--vus=")
_CHECKS = regex(r"--check-(?:fail-ratio|avg-response-time|rps)[= ]\S+|-D?errorRateThresholdInPercent=\S+")
_AUTOMATIC = frozenset({"change", "push", "tag", "schedule", "other"})
_PROGRAMS = frozenset(("python", "python3", "node", "tsx", "ts-node", "bun", "deno", "ruby"))
_PROGRAM_WORDS = ("ompose", "COMPOSE", "python", "node ", "tsx", "ts-node", "bun ", "deno ", "ruby ")
_CODE = (".py", ".js", ".mjs", ".ts", ".rb")
_QUOTED = regex(
    r"[\"'`](?:[^\"'`\n]{0,80}/)?(k6|locust|jmeter|gatling|artillery|bzt|vegeta|wrk2?|hey|autocannon)[\"'`\s]"
)
_STRINGS = regex(r"[\"'`\s=/]([\w./-]{1,200}\.(?:js|ts|mjs|py|jmx|ya?ml|json))(?=[\"'`\s])")
_COMPOSE = regex(
    r"(?:docker[ -]compose|podman-compose|\$\{?\w*COMPOSE\w*\}?|\$\{\{[^}]*compose[^}]*\}\})"
    r"[^\n]*\s(up|run)\b",
    re.IGNORECASE,
)
_FILES = regex(r"(?:^|\s)(?:-f|--file)[= ](\S+)")
_COMPOSE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_EXITS = regex(r"--exit-code-from|--abort-on-container-(?:exit|failure)")
_HAND_FILES = ("makefile", "package.json", "justfile", "taskfile.yml", "taskfile.yaml")
_WRAPPER = regex(r"(?:^|/)(?:gradlew|mvnw)(?:\s|$)")
_CALLS = regex(
    r"\bsubprocess\b|\bPopen\b|os\.system|\bexecv?p?\(|\bspawn(?:Sync)?\(|\bexec(?:a|Sync|FileSync|File)?\(|\bsystem\("
)
_CONTINUED = regex(r"\\\n\s*")
NOT_RUN = "nothing here runs it"


def starts(snapshot: Snapshot) -> tuple[Start, ...]:
    """Everything that starts a load test; made once a snapshot."""
    return snapshot.derive(_read)


def _read(snapshot: Snapshot) -> tuple[Start, ...]:
    found: list[Start] = []
    for start in _all(snapshot):
        found.append(start)
        if len(found) >= _MAX:
            break
    return tuple(found)


def _all(snapshot: Snapshot) -> Iterator[Start]:
    yield from _in_pipelines(snapshot)
    yield from _by_hand(snapshot)
    for path in named(snapshot, "yml", "yaml"):
        if "/." not in f"/{path}":
            yield from cluster.starts(snapshot, path)


def weaknesses(text: str) -> tuple[Flaw, ...]:
    """What in a command takes the test's word away."""
    found = []
    if off := _NO_LIMITS.search(text):
        found.append(Flaw(Status.PARTIAL, f"`{off[0]}` switches its limits off"))
    if _APART.search(text):
        found.append(Flaw(Status.PARTIAL, "nobody waits for its end"))
    return tuple(found)


# Pipelines.


def _in_pipelines(snapshot: Snapshot) -> Iterator[Start]:
    held = list(steps(snapshot))
    together = "\n".join([c.text for _, step in held for c in step.commands])  # asked once for all
    marks = [word for word in (*WORDS, *_PROGRAM_WORDS) if word in together]
    for number, (pipeline, step) in enumerate(held):
        if step.uses and (tool := action_of(step.uses)) and (step.inputs or "@" in step.uses):
            yield _acted(pipeline, step, tool)
        for index, command in enumerate(step.commands if marks else ()):
            known = any(word in command.text for word in marks)
            if known and command.live and (not command.opened or _WRAPPER.search(command.text)):
                for start in _command(snapshot, command):
                    later = _later(held, number, index)
                    yield _placed(snapshot, pipeline, step, command, start, later)


def _acted(pipeline: Pipeline, step: Step, tool: str) -> Start:
    said = " ".join(step.strings())[:4_000]
    flaws = weaknesses(said)
    if not step.enforced or re.search(r"fail-?on-?error\W+false", str(dict(step.inputs)), re.IGNORECASE):
        flaws = (*flaws, Flaw(Status.PARTIAL, "its failure changes nothing"))
    how = f"`{step.uses.partition('@')[0]}` runs it"
    start = Start(tool, how, step.path, step.line, "", _names(said), _hand(pipeline, step), flaws)
    return start._replace(users=_USERS.search(said) is not None, text=said)


def _hand(pipeline: Pipeline, step: Step) -> str:
    triggers = step.triggers or pipeline.triggers
    return "it is started by hand" if step.manual or not triggers & _AUTOMATIC else ""


def _later(held: Sequence[tuple[Pipeline, Step]], number: int, index: int) -> Later:
    pipeline, step = held[number]
    later = [(step, step.commands[index + 1 :])]
    for other, after in held[number + 1 : number + 60]:
        if other.path != pipeline.path or after.job != step.job:
            break
        later.append((after, after.commands))
    return later


def _placed(
    snapshot: Snapshot, pipeline: Pipeline, step: Step, command: Command, start: Start, later: Later
) -> Start:
    flaws = start.flaws
    if not (step.enforced and command.enforced):
        flaws = (*flaws, Flaw(Status.PARTIAL, "its failure changes nothing"))
    later_on = judged(snapshot, command, later)
    limit = start.limit or later_on
    if later_on is not None:  # whoever judges it later has waited for it
        flaws = tuple(f for f in flaws if not f.text.startswith("nobody"))
    how = f"`{' '.join(command.text.split())[:70]}` in `{step.path}` runs it"
    lost = start.lost
    if lost and any(lost in f"{c.text} {c.body[:200]}" for c in step.commands if c is not command):
        lost = ""  # another command fetches or writes it
    return start._replace(how=how, by_hand=_hand(pipeline, step), flaws=flaws, limit=limit, lost=lost)


def _command(snapshot: Snapshot, command: Command) -> Iterator[Start]:
    """What a command starts: a tool, a program that calls one, a compose file with one."""
    text = command.text
    tool = tool_of(text)
    if tool:
        yield _tool(snapshot, tool, text, command)
        return
    if found := _COMPOSE.search(text[:2_000]):
        yield from _composed(snapshot, command, found[1])
        return
    parts = unwrapped(words(text))
    if (
        len(parts) > 1
        and parts[0].rpartition("/")[2] in _PROGRAMS
        and (path := _program(snapshot, parts, command.folder))
    ):
        code = (snapshot.text(path) or "")[:100_000]
        called = _QUOTED.search(code)
        if called is not None and _CALLS.search(code):
            tool = {"bzt": "Taurus", "k6": "k6", "jmeter": "JMeter"}.get(called[1], called[1].capitalize())
            tool = called[1] if called[1] in BARE else tool
            names = tuple(dict.fromkeys(_STRINGS.findall(code)))[:40]
            yield Start(tool, "", command.path, command.line, command.folder, names, text=text)


def _tool(snapshot: Snapshot, tool: str, text: str, place: Command) -> Start:
    names = _names(text)
    limit = None
    if checks := _CHECKS.search(text):
        limit = Limit(checks[0], place.path, place.line)
    for name in names if tool == "k6" and limit is None else ():
        path = join(place.folder, name)
        if name.endswith(".json") and path is not None and path in snapshot:
            limit = k6_limit(path, snapshot.text(path) or "")
    start = Start(tool, "", place.path, place.line, place.folder, names, "", weaknesses(text), limit)
    return start._replace(
        users=_USERS.search(text) is not None, text=text, lost=_lost(snapshot, tool, names, place)
    )


def _lost(snapshot: Snapshot, tool: str, names: tuple[str, ...], place: Command) -> str:
    """The script that a command names and the repository has not, "" where it may have it."""
    wanted = [
        n for n in names if n.endswith(SCRIPTS.get(tool, ("\n",))) and not re.search(r"[$*?{]|^/tmp|^~", n)
    ]
    if not wanted or place.folder is None or tool == "Gatling":
        return ""
    known = paths(snapshot).by_name
    bases = [posixpath.basename(n) for n in wanted]
    return "" if any(b.lower() in known for b in bases) else bases[0]


def _names(text: str) -> tuple[str, ...]:
    """The words of a command that may name a file."""
    found = []
    for word in words(text[:4_000]):
        name = word.rpartition("=")[2].strip("\"',:") if "=" in word else word.strip("\"',:")
        if name.endswith(_ENDINGS) and "://" not in name and not name.startswith("-"):
            found.append(name)
    return tuple(found[:40])


def _program(snapshot: Snapshot, parts: list[str], folder: str | None) -> str | None:
    """The repository's own program that an interpreter runs."""
    for number, word in enumerate(parts[1:6], 1):
        if word == "-m" and len(parts) > number + 1:
            module = parts[number + 1].replace(".", "/")
            for name in (f"{module}/__main__.py", f"{module}.py"):
                path = join(folder, name)
                if path is not None and path in snapshot:
                    return path
            return None
        if word.endswith(_CODE):
            path = join(folder, word)
            return path if path is not None and path in snapshot else None
    return None


def _composed(snapshot: Snapshot, command: Command, verb: str) -> Iterator[Start]:
    """The load tools among the services that a compose command brings up."""
    folder = command.folder
    files = [f.strip("\"'") for f in _FILES.findall(command.text)] or list(_COMPOSE_NAMES)
    said = words(command.text[command.text.rfind(f" {verb} ") :])
    for path in (join(folder, f) for f in files):
        if path is None or path not in snapshot:
            continue
        for document in snapshot.parsed(path).documents:
            services = document.get("services")
            for name, service in services.items() if isinstance(services, Map) else ():
                if isinstance(service, Map) and (verb == "up" or name in said):
                    start = _service(snapshot, path, name, service)
                    if start is not None:
                        yield _waited(
                            start._replace(path=command.path, line=command.line), command.text, verb
                        )


def _waited(start: Start, text: str, verb: str) -> Start:
    if verb == "up" and not _EXITS.search(text):
        return start._replace(flaws=(*start.flaws, Flaw(Status.PARTIAL, "nobody asks how it ended")))
    return start


def _service(snapshot: Snapshot, path: str, name: str, service: Map) -> Start | None:
    """A service of a compose file that is a load tool: by its command, its image, or what it builds."""
    image = service.get("image")
    said = " ".join(
        " ".join(str(w) for w in v) if isinstance(v, Seq) else str(v or "")
        for v in (service.get("entrypoint"), service.get("command"))
    )
    build = service.get("build")
    context = build.get("context") if isinstance(build, Map) else build
    folder = posixpath.dirname(path)
    built = ""
    if isinstance(context, str):
        folder = join(folder, context) or ""
        given = build.get("dockerfile") if isinstance(build, Map) else None
        file = posixpath.join(folder, given if isinstance(given, str) else "Dockerfile")
        built = (snapshot.text(posixpath.normpath(file)) or "")[:20_000]
    image = image if isinstance(image, str) else ""
    tool = tool_of(said) or image_of(image) or (tool_of(f"{image} {said}") if image else "")
    if not tool and built:
        lines = [
            line
            for line in _CONTINUED.sub(" ", built).split("\n")
            if re.match(r"(?:CMD|ENTRYPOINT|FROM)\b", line)
        ]
        plain = [re.sub(r"[\[\]\",]+", " ", line.partition(" ")[2]) for line in lines]
        tool = next((t for line in plain if (t := tool_of(line.strip()) or image_of(line.strip()))), "")
        said = f"{said} {' '.join(plain)}"
    if not tool:
        return None
    return Start(tool, f"the service `{name}` of `{path}` runs it", path, 1, folder, _names(said), text=said)


# Commands that no pipeline runs.


def _by_hand(snapshot: Snapshot) -> Iterator[Start]:
    for path in paths(snapshot).named(*_HAND_FILES):
        yield from _lines(snapshot, path)
    for path in named(snapshot, "sh", "bash", "ps1"):
        yield from _lines(snapshot, path)


def _lines(snapshot: Snapshot, path: str) -> Iterator[Start]:
    """Commands in a build file or script that are a whole load test, or run a script that it writes."""
    text = snapshot.text(path) or ""
    if not any(word in text for word in WORDS):
        return
    joined = _CONTINUED.sub(lambda m: " " + "\f" * m[0].count("\n"), text[:200_000])
    line = 1
    for written in joined.split("\n"):
        bare = re.sub(r"^\s*\"[\w:.-]+\"\s*:\s*\"|\"\s*,?\s*$", "", written.replace("\f", "").strip())
        tool = "" if bare.startswith(("#", "//", '"')) else tool_of(bare)
        if tool in BARE or (tool and any(f"> {name}" in text for name in _names(bare))):
            yield Start(tool, "", path, line, None, by_hand=NOT_RUN, text=bare[:2_000])
        line += 1 + written.count("\f")
