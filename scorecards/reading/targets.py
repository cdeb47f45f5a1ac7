"""What a name stands for in a Makefile, justfile, Taskfile, package.json, tox.ini, noxfile, Dockerfile."""

import configparser
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from catalog.document import Map, Seq, dig
from catalog.regex import regex
from catalog.snapshot import Snapshot

_MAX_LINES = 5000


class Piece(NamedTuple):
    """Shell text of a target, its line in the file (from 1); not enforced where a `-` stands before it."""

    text: str
    line: int
    enforced: bool = True


class Target(NamedTuple):
    """A named piece of a build file; `needs` are other names of the same file that run before it."""

    path: str
    pieces: tuple[Piece, ...]
    needs: tuple[str, ...] = ()


class Targets(NamedTuple):
    """The targets of one file. `complete` is False where names may also come from what was not read."""

    path: str
    named: Mapping[str, Target]
    complete: bool = True
    first: str = ""

    def find(self, name: str) -> Target | None:
        """The target of that name, also by a pattern rule (`test-%`)."""
        if name in self.named:
            return self.named[name]
        for pattern, target in self.named.items():
            head, percent, tail = pattern.partition("%")
            if percent and name.startswith(head) and name.endswith(tail):
                return target
        return None


_RULE = regex(r"(?![\t#.]{1}PHONY)([^\s#:=][^:=#]{0,300}?)[ \t]*::?(?!=)[ \t]*([^\n]*)")
_VARIABLE = regex(r"(?:export[ \t]+|override[ \t]+)?([A-Za-z_][\w.-]{0,60})[ \t]*(?:\?|::?|\+)?=[ \t]*(.*)")
_REFERENCE = regex(r"\$[({]([A-Za-z_][\w.-]{0,60})[)}]")
_NO_TARGET = (".PHONY", ".SILENT", ".DEFAULT_GOAL", ".SUFFIXES", ".PRECIOUS", ".ONESHELL", ".NOTPARALLEL")


def makefile(snapshot: Snapshot, path: str, depth: int = 0) -> Targets:
    """Targets of a Makefile, those of local includes too; simple variables are filled in."""
    text = snapshot.text(path) or ""
    rules: dict[str, tuple[list[str], list[Piece]]] = {}
    variables: dict[str, str] = {"MAKE": "make"}
    included: dict[str, Target] = {}
    current: list[str] = []
    complete, first = True, ""
    for number, line in _joined(text):
        if line.startswith("\t"):
            piece = _recipe(line, number, variables)
            for name in current if piece else ():
                rules[name][1].append(piece)  # type: ignore[arg-type]
            continue
        stripped = line.strip()
        if not stripped or stripped[0] == "#":
            continue
        if stripped.startswith(("include ", "-include ", "sinclude ")):
            more, known = _include(snapshot, path, _fill(stripped.partition(" ")[2], variables), depth)
            included.update(more)
            complete = complete and known
        elif variable := _VARIABLE.match(stripped):
            variables[variable.group(1)] = variable.group(2).partition(" #")[0].strip()[:500]
            current = []
        elif rule := _RULE.match(line):
            names = _fill(rule.group(1), variables).split()
            current = [n for n in names[:20] if n not in _NO_TARGET]
            needs, _, inline = rule.group(2).partition(";")
            wanted = [n for n in _fill(needs.partition("#")[0], variables).split() if n != "|"]
            for name in current:
                known_needs, pieces = rules.setdefault(name, ([], []))
                known_needs.extend(wanted[:50])
                if inline.strip():
                    pieces.append(Piece(_fill(inline.strip(), variables), number))
            if current and not first and not current[0].startswith("."):
                first = current[0]
    named = included | {n: Target(path, tuple(p), tuple(d)) for n, (d, p) in rules.items()}
    return Targets(path, named, complete, first)


def _joined(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers, continued ones joined."""
    result: list[tuple[int, str]] = []
    parts: list[str] = []
    for number, line in enumerate(text.split("\n")[:_MAX_LINES], 1):
        if line.endswith("\\") and len(parts) < 200:
            parts.append(line[:-1])
            continue
        if parts:
            result.append((number - len(parts), " ".join([*parts, line.strip()])))
            parts = []
        else:
            result.append((number, line))
    if parts:
        result.append((number, " ".join(parts)))
    return result


def _recipe(line: str, number: int, variables: Mapping[str, str]) -> Piece | None:
    text = line.strip()
    marks = len(text) - len(text.lstrip("@-+ "))
    command = _fill(text[marks:], variables).replace("$$", "$")
    return Piece(command, number, "-" not in text[:marks]) if command and command[0] != "#" else None


def _fill(text: str, variables: Mapping[str, str]) -> str:
    for _ in range(3):
        if "$" not in text or len(text) > 4000:
            return text
        text = _REFERENCE.sub(lambda m: variables.get(m.group(1), m.group(0)), text)
    return text


def _include(snapshot: Snapshot, path: str, names: str, depth: int) -> tuple[Mapping[str, Target], bool]:
    found: dict[str, Target] = {}
    complete = depth < 4
    base = path.rpartition("/")[0]
    for name in names.split()[:20] if complete else ():
        for candidate in (f"{base}/{name}" if base else name, name):
            normal = posixpath.normpath(candidate)
            if normal in snapshot:
                inner = makefile(snapshot, normal, depth + 1)
                found.update(inner.named)
                complete = complete and inner.complete
                break
        else:
            complete = False
    return found, complete


_JUST = regex(r"@?([A-Za-z_][\w-]{0,60})((?:[ \t]+[^:=\n]{1,200})?)[ \t]*:(?!=)[ \t]*([^\n]*)")


def justfile(snapshot: Snapshot, path: str) -> Targets:
    """Recipes of a justfile; a recipe with a shebang is one script."""
    rules: dict[str, tuple[list[str], list[Piece]]] = {}
    current, first, text, complete = "", "", snapshot.text(path) or "", True
    for number, line in _joined(text):
        if line[:1] in (" ", "\t"):
            body = line.strip()
            marks = len(body) - len(body.lstrip("@-"))
            if current and body[marks:] and body[marks] != "#":
                rules[current][1].append(Piece(body[marks:], number, "-" not in body[:marks]))
        elif line.startswith(("import ", "mod ", "!include")):
            complete = False
        elif rule := _JUST.match(line):
            current = rule.group(1)
            rules[current] = ([n.strip("()") for n in rule.group(3).partition("#")[0].split()[:20]], [])
            first = first or current
    return Targets(
        path, {n: Target(path, tuple(p), tuple(d)) for n, (d, p) in rules.items()}, complete, first
    )


def taskfile(snapshot: Snapshot, path: str) -> Targets:
    """Tasks of a Taskfile.yml."""
    named: dict[str, Target] = {}
    complete = True
    for document in snapshot.parsed(path).documents:
        complete = complete and not document.get("includes")
        tasks = document.get("tasks")
        for name, task in tasks.items() if isinstance(tasks, Map) else ():
            line = tasks.lines.get(name, 1)
            needs = [str(d.get("task") if isinstance(d, Map) else d) for d in _list(dig(task, "deps"))]
            commands = task if isinstance(task, (str, Seq)) else dig(task, "cmds") or dig(task, "cmd")
            pieces = []
            for number, command in enumerate(_list(commands)):
                where = commands.lines[number] if isinstance(commands, Seq) else line
                if isinstance(command, Map) and isinstance(command.get("task"), str):
                    needs.append(command["task"])
                elif isinstance(command, Map) and isinstance(command.get("cmd"), str):
                    pieces.append(Piece(command["cmd"], where, command.get("ignore_error") is not True))
                elif isinstance(command, str):
                    pieces.append(Piece(command, where))
            named[name] = Target(path, tuple(pieces), tuple(needs))
    return Targets(path, named, complete, "default")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def package_json(snapshot: Snapshot, path: str) -> Targets:
    """Scripts of a package.json, `pretest` and `posttest` with them."""
    return _scripts(snapshot, path, "scripts", hooks=True)


def composer_json(snapshot: Snapshot, path: str) -> Targets:
    """Scripts of a composer.json; `@name` calls another."""
    return _scripts(snapshot, path, "scripts")


def deno_json(snapshot: Snapshot, path: str) -> Targets:
    """Tasks of a deno.json."""
    return _scripts(snapshot, path, "tasks")


def pyproject(snapshot: Snapshot, path: str) -> Targets:
    """Tasks that a pyproject.toml holds for poe, pdm, hatch, taskipy or rye."""
    named: dict[str, Target] = {}
    for document in snapshot.parsed(path).documents:
        tables = [document.get("tool", *way) for way in _TASK_TABLES]
        environments = document.get("tool", "hatch", "envs")
        if isinstance(environments, Map):
            tables += [dig(environment, "scripts") for environment in environments.values()]
        for table in tables:
            for name, value in table.items() if isinstance(table, Map) else ():
                named.setdefault(name, _task(path, value))
    return Targets(path, named, False)


_TASK_TABLES = (("poe", "tasks"), ("pdm", "scripts"), ("taskipy", "tasks"), ("rye", "scripts"))


def _task(path: str, value: Any) -> Target:
    if isinstance(value, Map):
        value = next((value[k] for k in ("cmd", "shell", "composite", "sequence", "chain") if k in value), "")
    texts = [v.get("cmd", v.get("shell", "")) if isinstance(v, Map) else v for v in _list(value)]
    return Target(path, tuple(Piece(t, 1) for t in texts if isinstance(t, str)))


def _scripts(snapshot: Snapshot, path: str, key: str, hooks: bool = False) -> Targets:
    named: dict[str, Target] = {}
    parsed = snapshot.parsed(path)
    for document in parsed.documents:
        table = document.get(key)
        for name, value in table.items() if isinstance(table, Map) else ():
            line = table.lines.get(name, 1)
            texts = [t if isinstance(t, str) else str(dig(t, "command") or "") for t in _list(value)]
            pieces = tuple(Piece(t.removeprefix("@composer "), line) for t in texts)
            around = [n for n in (f"pre{name}", f"post{name}") if hooks and n in table]
            named[name] = Target(path, pieces, tuple(around))
    return Targets(path, named, not parsed.errors)


def tox(snapshot: Snapshot, path: str) -> Targets:
    """Environments of a tox.ini, setup.cfg or pyproject.toml; `` is the default one."""
    text = snapshot.text(path) or ""
    if path.endswith(".toml"):
        return _tox_toml(snapshot, path, text)
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Targets(path, {}, False)
    named = {}
    for section in parser.sections():
        kind, _, name = section.partition(":")
        if not kind.endswith("testenv"):
            continue
        commands = parser.get(section, "commands", fallback=None)
        if commands is None and parser.has_option("testenv", "commands"):
            commands = parser.get("testenv", "commands", fallback="")
        named[name] = Target(path, _ini_pieces(commands or "", text, section))
    if named and "" not in named:
        everything = tuple(piece for target in named.values() for piece in target.pieces)
        named[""] = Target(path, everything)
    return Targets(path, named, False)


def _ini_pieces(commands: str, text: str, section: str) -> tuple[Piece, ...]:
    head = text.find(f"[{section}]")
    at = text.find("commands", head)
    line = text.count("\n", 0, at) + 1 if at >= 0 else 1
    pieces = []
    for raw in commands.replace("\\\n", " ").split("\n"):
        entry = _FACTOR.sub("", raw.strip())
        if entry:
            pieces.append(Piece(entry.lstrip("-! ").replace("{posargs}", ""), line, entry[0] != "-"))
    return tuple(pieces)


_FACTOR = regex(r"[\w,!{}-]{1,100}: +")


def _tox_toml(snapshot: Snapshot, path: str, text: str) -> Targets:
    named: dict[str, Target] = {}
    for document in snapshot.parsed(path).documents:
        table = document.get("tool", "tox") or Map()
        legacy = dig(table, "legacy_tox_ini")
        if isinstance(legacy, str):
            offset = text.count("\n", 0, max(text.find("legacy_tox_ini"), 0))
            pieces = [
                Piece(line.strip().lstrip("-"), offset + 1, line.strip()[:1] != "-")
                for line in legacy.split("\n")
                if line[:1] in (" ", "\t")
            ]
            named[""] = Target(path, tuple(pieces))
        for holder in (dig(table, "env_run_base"), *_values(dig(table, "env"))):
            texts = [
                " ".join(map(str, c)) if isinstance(c, list) else str(c)
                for c in _list(dig(holder, "commands"))
            ]
            if texts:
                named.setdefault("", Target(path, tuple(Piece(t, 1) for t in texts)))
    return Targets(path, named, False)


def _values(table: Any) -> list[Any]:
    return list(table.values()) if isinstance(table, Map) else []


_SESSION = regex(r"def[ \t]+(\w{1,80})[ \t]*\([ \t]*session")
_STRING = regex(r"\"([^\"\n]{0,300})\"|'([^'\n]{0,300})'")


def nox(snapshot: Snapshot, path: str) -> Targets:
    """Sessions of a noxfile.py: the strings of each `session.run(...)`."""
    named: dict[str, list[Piece]] = {}
    lines = (snapshot.text(path) or "").split("\n")[:_MAX_LINES]
    current = ""
    for number, line in enumerate(lines, 1):
        if found := _SESSION.match(line):
            current = found.group(1)
            named[current] = []
        elif current and "session.run(" in line and line.lstrip()[0] != "#":
            call = " ".join(part.partition("#")[0] for part in lines[number - 1 : number + 7])
            call = call.partition("session.run(")[2].partition(")")[0]
            texts = [a or b for a, b in _STRING.findall(call)]
            if texts:
                named[current].append(Piece(" ".join(texts), number))
    targets = {n: Target(path, tuple(p)) for n, p in named.items()}
    targets[""] = Target(path, tuple(p for pieces in named.values() for p in pieces))
    return Targets(path, targets, False)


_STAGE = regex(r"FROM[ \t]+\S+(?:[ \t]+AS[ \t]+(\S+))?", re.IGNORECASE)
_RUN = regex(r"(RUN|CMD|ENTRYPOINT)[ \t]+(?:--\S+[ \t]+)*(.*)", re.IGNORECASE | re.DOTALL)


def dockerfile(snapshot: Snapshot, path: str) -> Targets:
    """`RUN` lines of each stage of a Dockerfile; `` holds all of them."""
    named: dict[str, list[Piece]] = {}
    everything: list[Piece] = []
    stage: list[Piece] = []
    started: dict[str, Piece] = {}
    name = ""
    for number, joined in _joined(snapshot.text(path) or ""):
        line = joined.strip()
        if found := _STAGE.match(line):
            stage, started = [], {}
            name = found.group(1) or ""
            named[name.lower() or f"#{number}"] = stage
        elif found := _RUN.match(line):
            text = found.group(2)
            if found.group(1).upper() == "RUN":
                stage.append(Piece(_exec_form(text), number))
                everything.append(stage[-1])
            else:
                started[found.group(1).upper()] = Piece(_exec_form(text), number)
                named[f"start {name.lower()}".strip()] = [*started.values()]
                named["start"] = [*started.values()]
    targets = {n: Target(path, tuple(p)) for n, p in named.items()}
    return Targets(path, targets | {"": Target(path, tuple(everything))})


def _exec_form(text: str) -> str:
    text = text.strip()
    if not text.startswith("["):
        return text
    return " ".join(a or b for a, b in _STRING.findall(text))


READERS: Mapping[str, tuple[tuple[str, ...], Callable[[Snapshot, str], Targets]]] = {
    "make": (("GNUmakefile", "makefile", "Makefile"), makefile),
    "just": (("justfile", "Justfile", ".justfile"), justfile),
    "task": (
        ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml"),
        taskfile,
    ),
    "npm": (("package.json",), package_json),
    "composer": (("composer.json",), composer_json),
    "deno": (("deno.json", "deno.jsonc"), deno_json),
    "pyproject": (("pyproject.toml",), pyproject),
    "tox": (("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml"), tox),
    "nox": (("noxfile.py",), nox),
    "docker": (("Dockerfile",), dockerfile),
}
"""By kind: the names of its file, in the order its tool looks for them, and the reader."""
