"""Whether a command runs only once something else has failed, told from the lines around it.

Shell and Groovy as they stand in pipelines and scripts: `x || y`, `if ! x; then y`, the `else` of a check
that holds, a function that a `trap` or such a place calls, `catch`.
"""

import re
from collections.abc import Sequence

from catalog.regex import regex
from catalog.snapshot import Snapshot

_MAX_UP = 80
"""Lines above a command that are looked at."""
_MAX_LINES = 5_000
_MAX_CALLS = 20
"""Lines that are searched for calls of a function, and calls that are looked at."""
_FAILED = regex(
    r"(?<![\w])!\s|!=\s*[\"'*]*(?:0|200|2..|true|healthy|ok|success\w*|succeeded|running|complete\w*|pass\w*|up)\b"
    r"|-ne\s+[\"']?(?:0|200)|!=\s*\*[\"']|fail|unhealthy|error|degraded|timed?_?-?out|broken|unsuccess|aborted"
    r"|==?\s*[\"']?(?:false|1|no)\b|-z\s|should_?rollback|rollback\w*[\"']?\s*==?\s*[\"']?(?:true|1|yes)"
    r"|SUCCEEDING.*(?:0|false)",
    re.IGNORECASE,
)
_MANUAL = regex(
    r"(?:inputs|params|parameters|github\.event\.inputs)\.|\$\{?1\b|\$\{?ACTION\b|\$\{?COMMAND\b",
    re.IGNORECASE,
)
_FUNCTION = regex(
    r"^\s*(?:function\s+)?([\w-]{2,60})\s*\(\s*\)\s*\{|^\s*function\s+([\w-]{2,60})\s*\{"
    r"|^\s*(?:def|void|function)\s+(\w{2,60})\s*\([^)]*\)\s*\{"
)
_SHELL_IF = regex(r"(?:if|elif)\b[^{]*(?:;\s*then|\]\]?;?|\bthen)\s*(?:#.*)?$")
_OPENS = regex(
    r"^\s*(?:\}\s*)?(?:if|elif|else\s+if|elseif)\b(.*)|^\s*(?:-\s+(?:run:|script:|\|)?\s*)?(?:if|elif)\b(.*)"
)
_ELSE = regex(r"^\s*\}?\s*else\b(?!\s+if)")
_CATCH = regex(
    r"\bcatch\s*(?:\(|\{)|\brescue\b|\bexcept\b|\b(?:failure|unsuccessful|unstable|aborted|regression)\s*\{"
)
_COMPARED = regex(r"==?\s*[\"']?([\w./-]+)|\bin\s+([\w|.-]+)|=~\s*(\S+)")


def runs_on_failure(snapshot: Snapshot, path: str, line: int) -> bool:
    """Whether what stands on that line of the file runs only after a failure."""
    text = _text(snapshot, path)
    if text is None or len(text) > 512_000:
        return False
    lines = snapshot.derive(_Lines).of(path, text)
    return 0 < line <= len(lines) and _at(lines, line - 1, 0)


def _text(snapshot: Snapshot, path: str) -> str | None:
    """The text of a file, also of one in another repository: `owner/name:path`."""
    if path in snapshot:
        return snapshot.text(path)
    repository, colon, inner = path.partition(":")
    other = snapshot.other(repository) if colon else None
    return other.text(inner) if other is not None and inner in other else None


def compared(snapshot: Snapshot, path: str, line: int) -> str:
    """What the blocks around that line compare something with: names of environments, of branches."""
    text = _text(snapshot, path)
    if text is None or len(text) > 512_000:
        return ""
    lines = snapshot.derive(_Lines).of(path, text)
    if not 0 < line <= len(lines):
        return ""
    found, indent = [], _indent(lines[line - 1])
    for up in range(line - 2, max(-1, line - _MAX_UP), -1):
        if lines[up].strip() and _indent(lines[up]) < indent:
            indent = _indent(lines[up])
            opens = _OPENS.match(lines[up])
            condition = (opens.group(1) or opens.group(2) or "") if opens else ""
            found += [a or b or c for a, b, c in _COMPARED.findall(condition)]
    return " ".join(found)


class _Lines:
    """Files of one snapshot split into lines once; made with `snapshot.derive`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.known: dict[str, list[str]] = {}

    def of(self, path: str, text: str) -> list[str]:
        """The lines of the file."""
        if path not in self.known:
            self.known[path] = text.split("\n")
        return self.known[path]


def _at(lines: Sequence[str], at: int, depth: int) -> bool:
    line = lines[at]
    if re.search(r"\|\|\s*[({]?\s*\S", line) and not re.search(r"\|\|\s*(?:true|:|echo)\b", line):
        return True
    indent = _indent(line)
    if re.search(r"\bif\b.*\bthen\b\s*\S", line) and _is_failure(line):
        return True
    closed = 0
    for up in range(at - 1, max(-1, at - _MAX_UP), -1):
        text = lines[up]
        bare = text.strip()
        if not bare or bare.startswith(("#", "//")):
            continue
        if up == at - 1 and bare.endswith(("||", "|| \\")):
            return True
        if bare in ("fi", "fi;", "done") or re.match(r"fi\s*(?:$|[;&|#])", bare):
            closed += 1
            continue
        if re.search(r"\|\|\s*[({]\s*$", text) and _indent(text) < indent:
            return True
        if closed:
            closed -= bool(re.match(r"(?:-\s+)?(?:if|for|while|until)\b", bare))
            continue
        if _indent(text) > indent:
            continue
        if _indent(text) == indent and not (bare.startswith(("else", "}")) or _SHELL_IF.match(bare)):
            continue
        found = _opened(lines, up, indent)
        if found is not None:
            return found
        if (name := _function(text)) and depth < 2:
            return _called(lines, name, up, depth)
    return False


def _opened(lines: Sequence[str], up: int, indent: int) -> bool | None:
    """Whether the block that opens on this line is one for a failure; None where none opens."""
    text = lines[up]
    if _CATCH.search(text):
        return True
    if _ELSE.match(text):
        return _else_fails(lines, up)
    opens = _OPENS.match(text)
    if opens is None:
        return None
    condition = opens.group(1) or opens.group(2) or ""
    if _MANUAL.search(condition):
        return None
    # A block around others is left for the next one out where it says nothing of a failure.
    return True if _is_failure(condition) else None


def _else_fails(lines: Sequence[str], at: int) -> bool:
    """Whether an `else` belongs to a check that holds where all is well."""
    indent = _indent(lines[at])
    for up in range(at - 1, max(-1, at - _MAX_UP), -1):
        if lines[up].strip() and _indent(lines[up]) <= indent:
            opens = _OPENS.match(lines[up])
            if opens is not None:
                condition = opens.group(1) or opens.group(2) or ""
                return not _MANUAL.search(condition) and not _is_failure(condition)
    return False


def _is_failure(condition: str) -> bool:
    return _FAILED.search(condition) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _function(line: str) -> str:
    found = _FUNCTION.match(line)
    name = next((n for n in found.groups() if n), "") if found else ""
    return "" if name in ("if", "while", "for", "switch", "stage", "steps", "script") else name


def _called(lines: Sequence[str], name: str, defined: int, depth: int) -> bool:
    """Whether a function is called by a trap for errors, or where something failed."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    calls = 0
    for number, line in enumerate(lines[:_MAX_LINES]):
        if number == defined or not word.search(line) or _function(line) == name:
            continue
        calls += 1
        if calls > _MAX_CALLS:
            return False
        if re.match(r"\s*trap\b.*\b(?:ERR|EXIT)\b", line) or _at(lines, number, depth + 1):
            return True
    return False
