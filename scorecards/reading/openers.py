"""How each tool's command line names what it runs: make, npm, tox, nox, just, task, docker build, ssh ..."""

from collections.abc import Callable, Container, Iterator, Sequence

from scorecards.reading.found import Book, Found, Inline, Lost
from scorecards.reading.invocation import join
from scorecards.reading.targets import Target, Targets
from scorecards.reading.words import word_set

Opener = Callable[[Book, list[str], str | None], Found]


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


def _make(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _npm(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _lerna(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _tox(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _nox(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _named_tasks(kind: str, skip: Sequence[str] = ()) -> Opener:
    def open_task(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _docker(book: Book, parts: list[str], folder: str | None) -> Found:
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


def _ssh(book: Book, parts: list[str], folder: str | None) -> Found:
    last = parts[-1]
    return Inline(last) if " " in last and len(parts) > 2 else None


OPENERS: dict[str, Opener] = {
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
