"""Running git against a remote: with a time limit, bounded output, and no process left behind."""

import os
import resource
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event
from typing import NamedTuple

_KEPT = 64 * 1024
_LOOK = 0.5
"""Seconds between looks at whether everything is to stop."""


class Done(NamedTuple):
    """How a command ended. Of its output the first 64 KiB are kept, of its messages the last."""

    status: int
    out: bytes
    err: str


class Cut(Exception):
    """The command was ended: it took too long, or the crawl stops."""


def run(
    command: Sequence[str],
    env: Mapping[str, str],
    seconds: float,
    *,
    stop: Event,
    held: int,
    largest: int,
) -> Done:
    """Run a command and all it starts; `Cut` where that takes longer than `seconds`, or `stop` is set.

    `held` is a file descriptor that the command inherits: a lock on it is held for as long as any of its
    processes lives. No file that they write grows beyond `largest` bytes.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(env),
        cwd="/",
        start_new_session=True,
        pass_fds=(held,),
    )
    until = time.monotonic() + seconds
    try:
        if hasattr(resource, "prlimit"):
            with suppress(OSError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (largest, largest))
        out, err = _read(process, until, stop)
        return Done(process.wait(max(0.1, until - time.monotonic())), out, err.decode("utf-8", "replace"))
    except (Cut, subprocess.TimeoutExpired) as error:
        raise Cut from error
    finally:
        if process.returncode is None:  # its number still belongs to it, and names the group
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _read(process: subprocess.Popen[bytes], until: float, stop: Event) -> tuple[bytes, bytes]:
    out = err = b""
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            left = until - time.monotonic()
            if left <= 0 or stop.is_set():
                raise Cut
            for key, _ in selector.select(min(left, _LOOK)):
                data = os.read(key.fd, _KEPT)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    out = (out + data)[:_KEPT]
                else:
                    err = (err + data)[-_KEPT:]
    return out, err
