"""A later step that judges what a load tool measured: it reads the result and can fail."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.load import Limit
from scorecards.reading.pipeline import Command, Step

_FAILS = regex(
    r"\bjq\s+(?:-\w+\s+)*(?:-\w*e\w*\b|--exit-status)|\bexit\s+[\"']?(?:[1-9]|\$)|\bsys\.exit\((?!0?\))"
    r"|\bprocess\.exit\((?!0?\))|\bprocess\.exitCode\s*=|\braise\s+\w+|\bthrow new\b|\bassert\b|\bos\.Exit\("
    r"|\berrorFailedThreshold\b|\bperfReport\b|\bfail-on-alert\b|\berror\(|\bexit\(1\)"
)
_NUMBERS = regex(
    r"p\(?9\d|latenc|percentile|error[-_ ]?(?:rate|percent|count|Failed)|threshold|\bslo\b|budget|throughput"
    r"|fail(?:ure)?[-_ ]?(?:rate|ratio|percent)|req(?:uest)?s?(?:[-_ ]?per[-_ ]?s|/s)|\brps\b"
    r"|response[-_ ]?time|non2xx",
    re.IGNORECASE,
)
_RESULT = regex(r"[\w./${}-]{1,200}\.(?:json|jtl|csv|txt|log|bin|xml|html|out)\b")
_SAYS = regex(r"\s*(?:echo|printf)\b")
_CODE = (".py", ".js", ".mjs", ".ts", ".rb", ".sh", ".go")
_MAX = 20_000


Later = Sequence[tuple[Step, Sequence[Command]]]
"""What a job runs after a command: the rest of its own step, then the steps that follow."""


def judged(snapshot: Snapshot, command: Command, later: Later) -> Limit | None:
    """What judges the result of a command among what its job runs after it, None where nothing does."""
    results = {posixpath.basename(name) for name in _RESULT.findall(command.text[:4_000])}
    for path, line, text in _texts(snapshot, later):
        fails = _FAILS.search(text)
        if fails is None:
            continue
        numbers = _NUMBERS.search(text)
        if numbers is not None or any(name in text for name in results):
            shown = " ".join((numbers or fails)[0].split())
            return Limit(f"a later step judges {shown}", path, line)
    return None


def _texts(snapshot: Snapshot, later: Later) -> Iterator[tuple[str, int, str]]:
    for step, commands in later[:60]:
        if not (step.live and step.enforced):
            continue
        alive = [c for c in commands if c.live and c.enforced and not c.lost and not _SAYS.match(c.text)][
            :200
        ]
        for command in alive:
            if command.body:
                yield command.path, command.line, f"{command.text[:_MAX]}\n{command.body[:_MAX]}"
            for word in (w.strip("\"'") for w in command.text[:1_000].split()):
                path = posixpath.normpath(posixpath.join(command.folder or "", word))
                if word.endswith(_CODE) and path in snapshot:
                    yield path, 1, f"{command.text[:500]}\n{(snapshot.text(path) or '')[:100_000]}"
        if alive:  # an `if` and what it guards are commands of their own: they tell only together
            yield alive[0].path, alive[0].line, "\n".join(c.text[:2_000] for c in alive)
        if step.uses:
            inputs = " ".join(f"{k}: {v}" for k, v in list(step.inputs.items())[:40])
            yield step.path, step.line, f"{step.uses} {inputs[:_MAX]}"
