"""One mirror: a bare repository that holds the newest commit of a remote's HEAD and its files, nothing else.

Whatever the default branch is called there, here it is `refs/heads/head`, so that a branch that is renamed
changes nothing. A mirror is made under another name and moved to its place; it is changed only under a lock
that ends with the processes that hold it. So whatever a killed process left behind is known to be litter.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from catalog.gitcommand import GIT
from catalog.remotes import failure
from catalog.remotes.access import UPLOAD_PACK, Access, NoToken
from catalog.remotes.address import Address
from catalog.remotes.failure import Failure
from catalog.remotes.process import Cut, Done, run
from catalog.sources import quick_head

_REF = "refs/heads/head"
_HEAD = f"ref: {_REF}\n"
_MOST_PACKS = 20
_FETCH = (
    "--quiet",
    "--depth=1",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)
_LEFT_OVER = ("*.lock", "refs/heads/*.lock", "objects/pack/tmp_*", "objects/pack/.tmp-*", "objects/tmp_*")


@dataclass(frozen=True, slots=True)
class Limits:
    """What fetching one repository may take; `attempts` counts the first, `largest` is bytes of one file."""

    seconds: float = 120.0
    attempts: int = 3
    at_once: int = 4
    """Repositories fetched from one host at a time."""
    largest: int = 1024**3


@dataclass(frozen=True, slots=True)
class Mirrors:
    """The folder of all mirrors, how they are reached and what each may take."""

    root: Path
    access: Access = field(default_factory=Access)
    limits: Limits = field(default_factory=Limits)

    def refresh(self, folder: Path, address: Address, stop: Event, *, anew: bool = False) -> str | None:
        """Bring a mirror up to date and give its commit, None for a repository that has none.

        `anew` makes it from nothing, whatever is there. Raises `Failure`; what was there before stays then.
        """
        with _locked(folder, self.limits.seconds, stop) as lock:
            _clear(folder)
            git = _Git(self, address, stop, lock)
            if anew or not (folder / "objects").is_dir() or not (folder / "HEAD").is_file():
                return _make(git, folder)
            _settle(folder, address)
            tip = git.tip(folder)
            if tip is None:
                with suppress(FileNotFoundError):
                    (folder / _REF).unlink()
            elif tip != quick_head(str(folder)):
                return _update(git, folder, tip)
            return tip


def _make(git: "_Git", folder: Path) -> str | None:
    new, old = _beside(folder, ".new"), _beside(folder, ".old")
    try:
        head = git.fetch(_skeleton(new, git.address, "sha1"))
        if head == _OTHER_OBJECTS:
            shutil.rmtree(new)
            head = git.fetch(_skeleton(new, git.address, "sha256"))
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return head


def _update(git: "_Git", folder: Path, tip: str) -> str | None:
    try:
        head = git.fetch(folder)
    except Failure as reason:
        if reason.passing and not git.stop.is_set():
            return _make(git, folder)  # what the remote has was told just now: the mirror must be at fault
        raise
    if head == _OTHER_OBJECTS or head != quick_head(str(folder)) or head is None:
        return _make(git, folder)
    if sum(1 for _ in folder.glob("objects/pack/*.pack")) > _MOST_PACKS:
        with suppress(Failure):  # it is as good as before, only larger
            git.tidy(folder)
    return head or tip


_OTHER_OBJECTS = "sha256"


def _beside(folder: Path, ending: str) -> Path:
    return folder.with_name(folder.name + ending)


def _skeleton(folder: Path, address: Address, objects: str) -> Path:
    (folder / "objects" / "pack").mkdir(parents=True)
    (folder / "refs" / "heads").mkdir(parents=True)
    (folder / "HEAD").write_text(_HEAD, "ascii")
    (folder / "config").write_text(_configuration(address, objects), "utf-8")
    return folder


def _configuration(address: Address, objects: str) -> str:
    version, extension = (0, "") if objects == "sha1" else (1, "[extensions]\n\tobjectformat = sha256\n")
    url = address.url.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f"[core]\n\trepositoryformatversion = {version}\n\tfilemode = true\n\tbare = true\n{extension}"
        f'[remote "origin"]\n\turl = "{url}"\n'
    )


def _settle(folder: Path, address: Address) -> None:
    """Write again what a mirror says of itself, where it is not what we would write today."""
    config, head = folder / "config", folder / "HEAD"
    held = config.read_bytes() if config.is_file() else b""
    objects = "sha256" if b"objectformat = sha256" in held else "sha1"
    if held != _configuration(address, objects).encode():
        _replace(config, _configuration(address, objects))
    if head.read_bytes() != _HEAD.encode():
        _replace(head, _HEAD)


def point(folder: Path, address: Address) -> None:
    """Say in a mirror that its repository has another address now."""
    with suppress(OSError):
        _settle(folder, address)


def _replace(file: Path, text: str) -> None:
    temporary = file.with_name(f"{file.name}.new")
    temporary.write_text(text, "utf-8")
    os.replace(temporary, file)


@contextmanager
def _locked(folder: Path, seconds: float, stop: Event) -> Iterator[int]:
    """Hold the mirror's lock; the kernel lets go of it when the last process that has it ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(_beside(folder, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until or stop.is_set():
                    raise Failure("another process holds its mirror", passing=False) from None
                stop.wait(0.1)
        yield lock
    finally:
        os.close(lock)


def _clear(folder: Path) -> None:
    for ending in (".new", ".old"):
        shutil.rmtree(_beside(folder, ending), ignore_errors=True)
    for pattern in _LEFT_OVER:
        for file in folder.glob(pattern):
            with suppress(OSError):
                file.unlink()


@dataclass(frozen=True, slots=True)
class _Git:
    """Git, run on a mirror for one address."""

    mirrors: Mirrors
    address: Address
    stop: Event
    lock: int

    def tip(self, folder: Path) -> str | None:
        """The commit of the remote's HEAD."""
        command = ["ls-remote", "--quiet", *self._server(), "--", self.address.url, "HEAD"]
        done = self._run(folder, command)
        if done.status:
            raise self._failed(done, folder)
        lines = (line.split("\t") for line in done.out.decode("ascii", "replace").split("\n"))
        return next((words[0] for words in lines if words[1:] == ["HEAD"]), None)

    def fetch(self, folder: Path) -> str | None:
        """Fetch HEAD's commit and its files; None where it has none, `_OTHER_OBJECTS` where that is so."""
        command = ["-c", "fetch.unpackLimit=1", "fetch", *_FETCH, *self._server()]
        done = self._run(folder, [*command, "--", self.address.url, f"+HEAD:{_REF}"])
        if not done.status:
            return quick_head(str(folder))
        if "couldn't find remote ref HEAD" in done.err:
            return None
        if "mismatched algorithms" in done.err:
            return _OTHER_OBJECTS
        raise self._failed(done, folder)

    def tidy(self, folder: Path) -> None:
        """Put the packs together and leave out what has not been reachable for a day."""
        done = self._run(folder, ["gc", "--quiet", "--prune=1.day.ago"])
        if done.status:
            raise self._failed(done, folder)

    def _server(self) -> list[str]:
        return [f"--upload-pack={UPLOAD_PACK}"] if self.address.scheme == "file" else []

    def _failed(self, done: Done, folder: Path) -> Failure:
        largest = self.mirrors.limits.largest
        packs = [file for file in folder.glob("objects/pack/tmp_*") if file.stat().st_size >= largest]
        if packs:
            for file in packs:
                file.unlink()
            return Failure(f"it is larger than the {largest / 1024**2:,.0f} MiB of a mirror", passing=False)
        if done.status < 0:
            return Failure(f"git was ended by signal {-done.status}", passing=True)
        said = self.mirrors.access.redacted(done.err, self.address.host)
        return failure.of(said, self.address.host)

    def _run(self, folder: Path, arguments: list[str]) -> Done:
        limits, mirrors = self.mirrors.limits, self.mirrors
        try:
            env = mirrors.access.environment(self.address, mirrors.root)
            return run(
                [*GIT, f"--git-dir={folder}", *arguments],
                env,
                limits.seconds,
                stop=self.stop,
                held=self.lock,
                largest=limits.largest,
            )
        except NoToken as error:
            raise Failure(str(error), passing=False) from error
        except Cut as error:
            raise Failure(f"fetching it took longer than {limits.seconds:g} seconds", passing=True) from error
        except FileNotFoundError as error:
            raise Failure("git is not installed", passing=False) from error
