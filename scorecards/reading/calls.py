"""What a command calls inside the repository: a target, a package script, a script, an image's build.

Nothing outside the repository is looked for and nothing is executed.
"""

import posixpath
import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from catalog.snapshot import Snapshot
from scorecards.reading.shell import word_set
from scorecards.reading.targets import READERS, Target, Targets, dockerfile


@dataclass(frozen=True, slots=True)
class Lost:
    """A call of something that does not exist in the repository."""

    message: str


@dataclass(frozen=True, slots=True)
class Script:
    """A shell script in the repository, and what it is called with."""

    path: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inline:
    """Shell text that stands in the call itself: `sh -c`, `ssh host`."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """The `RUN` lines of an image that is built from the folder `context`."""

    target: Target
    context: str | None


Found = Sequence[tuple[Targets, Target]] | Lost | Script | Inline | Image | None


class Calls:
    """Looks up calls in one snapshot; made once a snapshot with `snapshot.derive(Calls)`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._targets: dict[tuple[str, str], Targets | None] = {}
        self._folders: set[str] | None = None

    def find(self, parts: list[str], folder: str | None, before: str) -> Found:
        """What an unwrapped command leads to that runs in `folder`, None where only its name can tell.

        `before` is the shell text that ran earlier: what it fetches or writes is not missing.
        """
        head = parts[0]
        opener = _OPENERS.get(head)
        if opener is not None:
            return opener(self, parts, folder)
        if head in _SHELLS or head in _INTERPRETERS:
            return self._interpreted(parts, folder, before)
        if "/" in head and head[0] != "/":
            return self.script(head, tuple(parts[1:]), folder, before)
        return None

    def has_folder(self, folder: str | None) -> bool:
        """Whether the repository has this folder."""
        if not folder:
            return folder is not None
        if self._folders is None:
            self._folders = set()
            for path in self.snapshot.files:
                while (path := path.rpartition("/")[0]) and path not in self._folders:
                    self._folders.add(path)
        return folder in self._folders

    def _interpreted(self, parts: list[str], folder: str | None, before: str) -> Found:
        """`bash x.sh`, `sh -c '...'`, `python x.py`: of other languages only whether the file is there."""
        shell = parts[0] in _SHELLS
        for number, word in enumerate(parts[1:], 1):
            if shell and (word == "-c" or re.fullmatch(r"-[a-z]*c", word)):
                return Inline(parts[number + 1]) if len(parts) > number + 1 else None
            if word.startswith("-"):
                if word in ("-m", "-c", "-e", "--eval", "-s", "--test", "-r", "--require", "-Command"):
                    return None
                continue
            if shell or _SCRIPT.search(word):
                return self.script(word, tuple(parts[number + 1 :]), folder, before)
            return None
        return None

    def script(self, name: str, arguments: tuple[str, ...], folder: str | None, before: str) -> Found:
        """A file that is called: opened if it is shell text, lost if nothing could have made it."""
        path = join(folder, name)
        if path is None or "$" in name or "*" in name or "{" in name:
            return None
        if path not in self.snapshot.files and name in self.snapshot.files:
            path = name
        if path in self.snapshot.files:
            if path.endswith((".py", ".js", ".ts", ".mjs", ".rb", ".pl", ".go", ".php", ".ps1")):
                return None
            text = self.snapshot.text(path) or ""
            first = text[:200].partition("\n")[0]
            if first.startswith("#!") and not re.search(r"\b(?:ba|z|da|k|a)?sh\b", first):
                return None
            return Script(path, arguments) if len(text) < 512 * 1024 else None
        base = posixpath.basename(name)
        made = base in before or not self.has_folder(folder)
        if made or not _SCRIPT.search(name) or name.startswith(("../", "~", "/")):
            return None
        top = path.partition("/")[0]
        if "/" in path and not self.has_folder(top) and top in before:
            return None
        return Lost(f"`{name}` is not in the repository")

    def targets(self, kind: str, folder: str | None, name: str = "") -> Targets | None:
        """The build file of a kind in a folder, or by its name; None where there is none to read."""
        if folder is None:
            return None
        key = kind, posixpath.join(folder, name) if name else folder
        if key not in self._targets:
            names, read = READERS[kind]
            paths = [posixpath.normpath(posixpath.join(folder, n)) for n in ((name,) if name else names)]
            found = (read(self.snapshot, path) for path in paths if path in self.snapshot.files)
            self._targets[key] = next((t for t in found if t.named or kind != "tox"), None)
        return self._targets[key]

    def named(self, kind: str, folder: str | None, names: Sequence[str], file: str = "") -> Found:
        """The targets of these names; lost where the file is there in full and has no such name."""
        if any("$" in n or "*" in n for n in names) or not self.has_folder(folder):
            return None
        targets = self.targets(kind, folder, file)
        if targets is None:
            return (
                Lost(f"there is no {file or READERS[kind][0][-1]} in `{folder or '.'}`")
                if file or kind in ("make", "npm")
                else None
            )
        found = []
        for name in names or [targets.first]:
            target = targets.find(name)
            if target is None:
                return Lost(f"`{targets.path}` has no `{name}`") if targets.complete else None
            found.append((targets, target))
        return found

    def anywhere(self, name: str) -> Found:
        """The package scripts of that name in the whole workspace, those of the root first."""
        found = []
        for path in [p for p in self.snapshot.files if p.endswith("package.json")][:40]:
            if "node_modules/" not in path:
                targets = self.targets("npm", path.rpartition("/")[0])
                target = targets.find(name) if targets else None
                if targets and target:
                    found.append((targets, target))
        return found or None

    def image(self, path: str | None, target: str = "", context: str | None = "") -> Found:
        """The `RUN` lines of a Dockerfile, or of one stage of it."""
        if path is None or path not in self.snapshot.files:
            return None
        key = "image", path
        if key not in self._targets:
            self._targets[key] = dockerfile(self.snapshot, path)
        targets = self._targets[key]
        found = targets.find(target.lower()) if targets else None
        return Image(found, context) if found and found.pieces else None


Opener = Callable[[Calls, list[str], str | None], Found]


def join(folder: str | None, name: str) -> str | None:
    """`name` seen from `folder`; None where it cannot be told or leads out of the repository."""
    name = _WORKSPACE.sub("", name, count=1) if "$" in name or name.startswith("/") else name
    if name not in ("", "."):
        if folder is None or "$" in name or name[0] in "/~-" or "`" in name:
            return None
        folder = posixpath.normpath(posixpath.join(folder, name))
        if folder.startswith(".."):
            return None
        return "" if folder == "." else folder
    return folder


_WORKSPACE = re.compile(
    r"(?:\$\{\{ ?github\.workspace ?\}\}|/workspace"
    r"|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|WORKSPACE|PWD)\}?)(?:/|\Z)"
)
_SCRIPT = re.compile(r"\.(?:sh|bash|py|js|mjs|ts|rb|pl|ps1|php)$")
_SHELLS = frozenset(("bash", "sh", "zsh", "dash", "ash", "source", ".", "/bin/bash", "/bin/sh", "pwsh"))
_INTERPRETERS = frozenset(("python", "python3", "node", "ruby", "perl", "php", "ts-node", "tsx", "bun"))
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_WRAPPERS = word_set(
    """
    sudo exec time nohup command env xvfb-run catchsegv npx bunx cross-env dotenv timeout gtimeout
    retry nice eval builtin unbuffer dbus-run-session stdbuf travis_retry travis_wait call cmd &
    """
)
_RUNNERS = word_set(
    """
    poetry=run uv=run pipenv=run pdm=run hatch=run rye=run bundle=exec pnpm=exec yarn=exec npm=exec
    pnpm=dlx mise=exec rtx=exec devbox=run pixi=run conda=run doppler=run coverage=run op=run
    micromamba=run
    """
)


def unwrapped(parts: list[str]) -> list[str]:
    """The words of a command without what only wraps it: `sudo`, `env A=b`, `timeout 5`, `poetry run`."""
    at = 0
    for _ in range(20):
        if at >= len(parts):
            break
        word = parts[at]
        if _ASSIGNMENT.match(word):
            at += 1
        elif word in _WRAPPERS:
            at += 2 if word.endswith("timeout") else 1
            while at < len(parts) and parts[at].startswith("-"):
                at += 1
        elif len(parts) > at + 2 and f"{word}={parts[at + 1]}" in _RUNNERS:
            if word == "coverage" and parts[at + 2] == "-m":
                break
            at += 2
            while at < len(parts) and parts[at].startswith("-") and parts[at] != "-m":
                at += 1 if "=" in parts[at] or parts[at] in _FLAGS else 2
        else:
            break
    return parts[at:]


_FLAGS = word_set(
    """
    -- --frozen --locked --no-sync --isolated -q --quiet -y --yes -v --all-extras --no-project --no-dev
    --dev --active --all-packages
    """
)


def _options(parts: Sequence[str], taking: Container[str]) -> Iterator[tuple[str, str]]:
    """Options with their value, and plain words with an empty option."""
    at = 1
    while at < len(parts):
        word = parts[at]
        if word == "--":
            break
        if word.startswith("-"):
            name, equal, value = word.partition("=")
            if not equal and name in taking:
                at += 1
                value = parts[at] if at < len(parts) else ""
            yield name, value
        else:
            yield "", word
        at += 1


def _make(book: Calls, parts: list[str], folder: str | None) -> Found:
    names, file = [], ""
    taking = ("-C", "-f", "-j", "-l", "--directory", "--file", "--makefile", "-o", "-I")
    for option, value in _options(parts, taking):
        if option in ("-C", "--directory"):
            folder = join(folder, value)
        elif option in ("-f", "--file", "--makefile"):
            file = value
        elif option.startswith("-C") and len(option) > 2:
            folder = join(folder, option[2:])
        elif option == "" and "=" not in value and not (value.isdigit() and "-j" in parts):
            names.append(value)
    if folder is None or not book.has_folder(folder):
        return None
    targets = book.targets("make", folder, file)
    if targets is None and not file:
        near = (f"{folder}/{n}" if folder else n for n in _GENERATES_MAKE)
        if any(n in book.snapshot.files for n in near):
            return None
    return book.named("make", folder, names, file)


_GENERATES_MAKE = word_set(
    """
    CMakeLists.txt configure configure.ac configure.in Makefile.am Makefile.in Makefile.PL meson.build
    bootstrap autogen.sh
    """
)


def _npm(book: Calls, parts: list[str], folder: str | None) -> Found:
    tool, names, run, everywhere = parts[0], [], False, False
    taking = (
        "--prefix",
        "-C",
        "--dir",
        "--cwd",
        "-w",
        "--workspace",
        "--filter",
        "-F",
        "--loglevel",
        "--cache",
    )
    for option, value in _options(parts, taking):
        if option in ("--prefix", "-C", "--dir", "--cwd"):
            folder = join(folder, value)
        elif option in ("-w", "--workspace", "--filter", "-F", "-r", "--recursive", "--workspaces", "-ws"):
            everywhere = True
        elif option == "":
            names.append(value)
    if names[:1] in (["workspace"], ["workspaces"]) and tool == "yarn":
        everywhere, names = True, [n for n in names[1:] if n not in ("foreach", "run")][-1:]
    if names[:1] in (["run"], ["run-script"], ["rum"]):
        run, names = True, names[1:]
    if not names:
        return None
    name = {"t": "test", "tst": "test"}.get(names[0], names[0])
    if name in _NPM_OWN and not run:
        return None
    if tool in ("npm", "bun") and not run and name not in ("test", "start", "stop", "restart"):
        return None
    if tool == "bun" and not run:
        return None
    if everywhere:
        return book.anywhere(name)
    if not book.has_folder(folder):
        return None
    found = book.named("npm", folder, [name])
    certain = tool == "npm" or run or name == "test"
    return None if isinstance(found, Lost) and not certain else found


_NPM_OWN = word_set(
    """
    install ci add i publish pack audit exec dlx version config link cache set remove up upgrade import
    why list global
    """
)


def _lerna(book: Calls, parts: list[str], folder: str | None) -> Found:
    """`lerna run x`, `turbo run x`, `turbo x`, `nx run-many -t x`, `nx affected --target=x`."""
    names = []
    for option, value in _options(
        parts, ("-t", "--target", "--targets", "--scope", "--filter", "--concurrency")
    ):
        if option in ("-t", "--target", "--targets"):
            names += value.split(",")
        elif option == "" and value not in ("run", "run-many", "affected", "exec"):
            names.append(value.rpartition(":")[2])
    found: list[tuple[Targets, Target]] = []
    for name in names[:8]:
        some = book.anywhere(name)
        if isinstance(some, list):
            found += some
    return found or None


def _tox(book: Calls, parts: list[str], folder: str | None) -> Found:
    names: list[str] = []
    for option, value in _options(parts, ("-e", "--env", "-c", "--conf", "--workdir", "-m", "-p")):
        if option in ("-e", "--env"):
            names += value.split(",")
    targets = book.targets("tox", folder)
    if targets is None or not targets.named:
        return None
    found = []
    for name in names or [""]:
        target = targets.find(name) or (targets.find("") if name[:2] == "py" else None)
        if target is None:
            factors = [t for n, t in targets.named.items() if n and set(n.split("-")) & set(name.split("-"))]
            target = factors[0] if factors else targets.find("")
        if target is not None:
            found.append((targets, target))
    return found or None


def _nox(book: Calls, parts: list[str], folder: str | None) -> Found:
    names: list[str] = []
    for option, value in _options(
        parts, ("-s", "--session", "--sessions", "-e", "-f", "-p", "--python", "-t")
    ):
        if option in ("-s", "--session", "--sessions", "-e"):
            names += [value.partition("-")[0].partition("(")[0]]
    targets = book.targets("nox", folder)
    if targets is None:
        return None
    found = [(targets, t) for t in (targets.find(n) for n in names or [""]) if t is not None]
    return found or None


def _named_tasks(kind: str, skip: Sequence[str] = ()) -> "Opener":
    def open_task(book: Calls, parts: list[str], folder: str | None) -> Found:
        names = [
            v for o, v in _options(parts, ("-d", "--dir", "-f", "-t", "--taskfile", "-C", "-j")) if not o
        ]
        names = [n for n in names if "=" not in n]
        if names[:1] in (["run"], ["run-script"], ["task"]):
            names = names[1:]
        if kind == "just":
            names = names[:1]
        if not names or names[0] in skip:
            return None if kind not in ("just", "task") else book.named(kind, folder, [])
        return book.named(kind, folder, names[:1] if kind in ("composer", "deno", "pyproject") else names)

    return open_task


def _docker(book: Calls, parts: list[str], folder: str | None) -> Found:
    """`docker build`: the `RUN` lines of the Dockerfile are commands of the pipeline too."""
    rest = parts[1:]
    if rest[:1] in (["buildx"], ["image"]):
        rest = rest[1:]
    if rest[:1] not in (["build"], ["bake"], ["bud"]):
        return None
    file, target, context = "", "", "."
    for option, value in _options(rest, _DOCKER_TAKING):
        if option in ("-f", "--file"):
            file = value
        elif option == "--target":
            target = value
        elif option == "":
            context = value
    path = join(folder, file) if file else join(join(folder, context), "Dockerfile")
    return book.image(path, target, join(folder, context))


_DOCKER_TAKING = word_set(
    """
    -f --file -t --tag --target --build-arg --platform --cache-from --cache-to --label --network
    --progress -o --output --secret --ssh --builder --iidfile --metadata-file --build-context --add-host
    """
)


def _ssh(book: Calls, parts: list[str], folder: str | None) -> Found:
    last = parts[-1]
    return Inline(last) if " " in last and len(parts) > 2 else None


_OPENERS: dict[str, Opener] = {
    "make": _make,
    "gmake": _make,
    "npm": _npm,
    "yarn": _npm,
    "pnpm": _npm,
    "bun": _npm,
    "lerna": _lerna,
    "turbo": _lerna,
    "nx": _lerna,
    "tox": _tox,
    "nox": _nox,
    "just": _named_tasks("just"),
    "task": _named_tasks("task"),
    "go-task": _named_tasks("task"),
    "composer": _named_tasks("composer", ("install", "update", "require", "validate", "audit")),
    "deno": _named_tasks("deno", ("test", "lint", "fmt", "check", "run", "install")),
    "poe": _named_tasks("pyproject"),
    "pdm": _named_tasks("pyproject", ("install", "sync", "build", "lock")),
    "hatch": _named_tasks("pyproject", ("build", "publish", "version")),
    "docker": _docker,
    "podman": _docker,
    "buildah": _docker,
    "ssh": _ssh,
}
