"""Bounds that code of AWS CDK and Pulumi sets: a literal is as good there as in a file."""

import posixpath
import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.bound import Bounds, Seen
from scorecards.reading.paths import paths

_CODE = ("ts", "py", "js", "java", "cs", "go")
_ASIDE = regex(r"(?:^|/)(?:tests?|__tests__|node_modules|dist|cdk\.out)/|\.(?:test|spec)\.|\.d\.ts$")
_COMMENT = regex(r"^[ \t]*(?://|#)[^\n]*", re.MULTILINE)
_AMOUNT = regex(
    r"\b(?:memory_?[lL]imit_?Mi[bB]|memory_limit_mib|memoryReservationMiB|limits\b\s*[:=])\s*[:=]?\s*[\w\"'{(.]+"
)
_MANY = regex(
    r"\b(?:desired_?[cC]ount|max_?[cC]apacity|replicas|maxReplicas)\s*[:=]\s*(?:[2-9]\d*|1\d+)\b"
    r"|\bauto_?[sS]cale_?[tT]ask_?[cC]ount\("
    r"|\b(?:max[sS]cale|max_?[iI]nstance_?[cC]ount|max_?[iI]nstances)[\"']?\]?\s*[:=]\s*(?!1\b)[^\s,;]+"
)
_BUDGET = regex(r"\bPodDisruptionBudget\b")
_MAX_FILES = 200
_RUNS = ("Fargate", "ecs", "Deployment(", "cloudrun", "CloudRun", "ContainerApp", "AppRunner", "apprunner")


def find(snapshot: Snapshot) -> Iterator[Bounds]:
    """One for each app of CDK or Pulumi whose code says any of it."""
    known = paths(snapshot)
    for path in known.named("cdk.json", "pulumi.yaml"):
        system = "CDK" if path.endswith("cdk.json") else "Pulumi"
        folder = posixpath.dirname(path)
        prefix = f"{folder}/" if folder else ""
        amount = many = budget = None
        runs = False
        files = (p for p in known.ending(*_CODE) if p.startswith(prefix) and not _ASIDE.search(p))
        for _, file in zip(range(_MAX_FILES), files, strict=False):
            text = _COMMENT.sub("", (snapshot.text(file) or "")[:200_000])
            runs = runs or any(word in text for word in _RUNS)
            amount = amount or _seen(_AMOUNT, text, file)
            many = many or _seen(_MANY, text, file)
            budget = budget or _seen(_BUDGET, text, file)
        if runs and (amount or many):
            where = amount or many or Seen("", path, 1)
            kubernetes = system == "Pulumi" and budget is not None
            yield Bounds(
                *(system, "code", "", where.path, where.line, "", None, amount, amount, many, budget),
                budgeted=kubernetes,
            )


def _seen(pattern: re.Pattern[str], text: str, path: str) -> Seen | None:
    found = pattern.search(text)
    if found is None:
        return None
    return Seen(" ".join(found[0].split())[:60], path, text.count("\n", 0, found.start()) + 1)
