"""What the readers of all CI systems share: a step's shell text followed, filters and words taken apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.document import Map, Seq
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.commands import Commands, Run
from scorecards.reading.pipeline import NONE, Command, Pipeline, Step, Trigger

Text = tuple[str, int]
"""A shell text and the line (from 1) where it begins."""


MAX_STEPS = 4000


class Budget:
    """How many steps a pipeline may come to: files that call each other in circles end there."""

    def __init__(self, left: int = MAX_STEPS) -> None:
        self.left = left

    def spend(self) -> bool:
        """Whether one more may be read."""
        self.left -= 1
        return self.left >= 0


def followed(
    snapshot: Snapshot, step: Step, texts: Iterable[Text], folder: str | None = "", before: str = ""
) -> Step:
    """The step with its commands, calls followed. `before` is what its job ran earlier."""
    commands = snapshot.derive(Commands)
    run = Run(before=before)
    for text, line in texts:
        commands.follow(run, text, step.path, line, folder)
    if not run.commands:
        return step
    return step.but(commands=(*step.commands, *run.commands), missing=(*step.missing, *run.missing))


def broken(snapshot: Snapshot, path: str, system: str) -> Pipeline | None:
    """A pipeline whose file cannot be read, with why; None where the file is merely empty."""
    errors = snapshot.parsed(path).errors
    why = str(errors[0]) if errors else snapshot.problems.get(path, "")
    return Pipeline(path, system, NONE, (), unreadable=why) if why else None


def raw(step: Step, text: str, line: int) -> Step:
    """The step with a program in another language as one command."""
    command = Command(text[:4000], step.path, line, folder=None)
    return step.but(commands=(*step.commands, command))


def texts(holder: Any, key: Any, value: Any = None, depth: int = 0) -> list[Text]:
    """The shell texts at `holder[key]`: a string, or a list of strings and lists (YAML anchors nest them)."""
    value = holder[key] if value is None and holder is not None else value
    line = holder.lines[key] if isinstance(holder, Map | Seq) else 1
    if isinstance(value, str):
        return [(value, line + (1 if isinstance(holder, Map) and "\n" in value else 0))]
    found: list[Text] = []
    if isinstance(value, Seq) and depth < 8:
        for number in range(min(len(value), 500)):
            found += texts(value, number, None, depth + 1)
    return found


def listed(value: Any) -> list[str]:
    """A string or a list of strings, as a list of strings."""
    if isinstance(value, list):
        return [v for v in value if isinstance(v, str)]
    return [value] if isinstance(value, str) else []


def ordered(value: Any) -> list[tuple[str, Any, int]]:
    """Key, value and line of a mapping's entries; nothing of anything else."""
    return (
        [(k, v, value.lines.get(k, value.line)) for k, v in value.items()] if isinstance(value, Map) else []
    )


_LITERALS = regex(r"(\d{1,9}|'[^']{0,80}')\s*(==|!=)\s*(\d{1,9}|'[^']{0,80}')")


def is_false(condition: Any) -> bool:
    """Whether a condition can never hold: `false`, `${{ false }}`, `false && x`."""
    if condition is False or condition == 0:
        return True
    if not isinstance(condition, str):
        return False
    text = condition.strip().removeprefix("${{").removesuffix("}}").strip()
    if text.lower() in ("false", "never", "0", "null", "''", "never()", "false()"):
        return True
    if "||" in text:
        return False
    same = _LITERALS.fullmatch(text)
    if same:
        return (same[1] == same[3]) != (same[2] == "==")
    return any(part.strip().lower() in ("false", "(false)") for part in text.split("&&"))


_MAIN = regex(r"(?:refs/heads/)?(?:main|master|trunk|develop|dev|default|production|prod|release)\b", re.I)


def branch_triggers(branches: Sequence[str]) -> frozenset[Trigger]:
    """What a push to these branches is: `push` for the usual default ones, `change` for any other."""
    if not branches:
        return frozenset({"change", "push"})
    found: set[Trigger] = set()
    for branch in branches:
        if branch.startswith("!"):
            continue
        found.add("push" if _MAIN.match(branch) else "change")
        if branch.strip("/") in ("*", "**", ".*", "all"):
            found.add("push")
    return frozenset(found)


_EXPRESSION = regex(r"\$\{\{\s*(inputs|matrix|env|github\.event\.inputs)\.([\w.-]{1,80})\s*\}\}")


def filled(text: str, scope: Mapping[str, str]) -> str:
    """`text` with `${{ inputs.x }}`, `${{ matrix.x }}` and `${{ env.x }}` filled in where they are known."""
    if "${{" not in text:
        return text
    return _EXPRESSION.sub(lambda m: scope.get(f"{m[1].rpartition('.')[2]}.{m[2]}", m[0]), text[:65536])
