"""Load tests that are code: k6, Locust, Gatling, NBomber, and autocannon and Vegeta as libraries.

Limits are what makes the run fail: k6's `thresholds`, Gatling's `assertions`, an exit code that a Locust
listener sets, NBomber's `Threshold`. https://grafana.com/docs/k6/latest/using-k6/thresholds/
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.flaw import Flaw
from scorecards.reading.load import Limit, Load
from scorecards.result import Status

_MAX = 300_000
_MAX_BESIDE = 40
_BLOCK = regex(r"/\*.*?\*/|\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"", re.DOTALL)
_LINE = regex(r"(?<![:\w\"'`/\\])//[^\n]*")
_HASH = regex(r"(?:^|(?<=\s))#[^\n]*")

_K6 = regex(r"\bfrom\s*[\"']k6(?:/[\w/.-]+)?[\"']|\brequire\([\"']k6(?:/[\w/.-]+)?[\"']\)")
_K6_ASKS = regex(
    r"[\"']k6/(?:http|ws|websockets|net/grpc|grpc|browser|x/|experimental/)|jslib\.k6\.io/(?:httpx|k6chaijs)"
)
_K6_TEST = regex(r"\bexport\s+default\b|\bexports\.default\b|\bexec\s*:\s*[\"']|\bas\s+default\b")
_K6_LIMIT = regex(
    r"[\"'`](?:p\(\s*[\d.]+\s*\)|avg|min|max|med|rate|count|value)\s*(?:<|>|={2,3}|!=)=?\s*[^\"'`\n]{1,60}[\"'`]"
)
_NO_LIMIT = regex(
    r"rate\s*(?:<=\s*1(?:\.0+)?|<\s*1\.\d+)|(?:p\(\s*[\d.]+\s*\)|avg|max|med)\s*<=?\s*\d{8,}",
)
"""A limit that nothing can miss: a ratio of at most one, a day of waiting."""
_K6_USERS = regex(
    r"\b(?:vus|target|rate|maxVUs|startVUs|preAllocatedVUs|startRate)[\"']?\s*:\s*([\d_]+|[^\s,}]+)"
)
_IMPORTS = regex(r"\b(?:from|import|require\(|open\()\s*[\"'](\.{1,2}/[^\"'\n]{1,200})[\"']")

_LOCUST = regex(r"^\s*(?:from\s+locust\b|import\s+locust\b)", re.MULTILINE)
_LOCUST_TEST = regex(
    r"^class\s+\w+\((?:[\w.]*,\s*)*[\w.]*(?:User|Locust|TaskSet|SequentialTaskSet|Shape)\b", re.MULTILINE
)
_LOCUST_LIMIT = regex(r"^[ \t]+[\w.]*process_exit_code\s*=\s*(?!0\s*$)[^\n]+", re.MULTILINE)
_LOCUST_ASKS = regex(r"fail_ratio|num_failures|percentile|avg_response_time|median_response_time|total_rps")

_GATLING = regex(r"\bio\.gatling\b|@gatling\.io/")
_GATLING_TEST = regex(
    r"\bextends\s+(\w*Simulation)\b|:\s*(\w*Simulation)\s*\(\)|\bsimulation\s*\(|\bsetUp\s*\("
)
_GATLING_LIMIT = regex(r"\bassertions\s*\(\s*(?!\))[^\n]{0,120}")


class _Dialect(NamedTuple):
    tool: str
    endings: tuple[str, ...]
    test: re.Pattern[str]
    limit: re.Pattern[str]
    asks: re.Pattern[str] | None = None


_OTHERS = (
    _Dialect(
        "NBomber",
        (".cs", ".fs"),
        regex(r"\bNBomberRunner\b|\bScenario\.Create\("),
        regex(r"\bThreshold\.Create\([^\n]{0,120}|\bAssert\.\w+\([^\n]{0,120}(?:Fail|Percent|RPS|Latency)"),
    ),
    _Dialect(
        "autocannon",
        (".js", ".ts", ".mjs"),
        regex(r"(?:from|require\()\s*[\"']autocannon[\"']"),
        regex(
            r"process\.exit(?:Code\s*=\s*1|\(\s*(?!0)[^)\n]{0,60}\))|throw new Error\([^\n]{0,100}"
            r"|\bassert\b[^\n]{0,100}"
        ),
        regex(r"latency|p9\d|p97_5|non2xx|errors|timeouts|requests\.(?:average|mean)"),
    ),
    _Dialect(
        "Vegeta",
        (".go",),
        regex(r"tsenart/vegeta[^\"]*/lib\""),
        regex(r"\b(?:t|b)\.(?:Fatal|Error)f?\([^\n]{0,120}|os\.Exit\(1\)|\b(?:assert|require)\.\w+\([^\n]{0,120}"),
        regex(r"\.(?:Latencies|Success|P9\d|StatusCodes)\b"),
    ),
)  # fmt: skip
ONE_USER = Flaw(Status.PARTIAL, "it is one user alone, which is no load")


def read(snapshot: Snapshot, path: str) -> Iterator[Load]:
    """The load test of a file of code, none where it is something else."""
    text = snapshot.text(path)
    if text and len(text) < _MAX:
        yield from of_text(snapshot, path, text)


def of_text(snapshot: Snapshot, path: str, text: str, line: int = 0, name: str = "") -> Iterator[Load]:
    """The load test that a text is: a file, or a script in a ConfigMap or heredoc that begins at `line`."""
    name = name or path
    found = None
    split = "k6" in path and "export const options" in text  # what asks stands in modules beside it
    if name.endswith((".js", ".ts", ".mjs")) and (split or ("k6" in text and _K6.search(text))):
        found = _k6(snapshot, path, plain(text))
    elif name.endswith(".py") and "locust" in text and _LOCUST.search(text):
        found = _locust(snapshot, path, _HASH.sub("", _BLOCK.sub(_blank, text)))
    elif "atling" in text and _GATLING.search(text):
        found = _gatling(snapshot, path, plain(text))
    else:
        for dialect in _OTHERS:
            if name.endswith(dialect.endings) and dialect.test.search(text):
                found = _other(path, plain(text), dialect)
    if found is not None:
        limit = found.limit
        if line and limit is not None:
            limit = limit._replace(line=limit.line + line)
        yield found._replace(line=found.line + line, limit=limit)


def plain(text: str) -> str:
    """Code without comments, its lines where they were."""
    return _LINE.sub("", _BLOCK.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _limit(path: str, text: str, found: re.Match[str]) -> Limit:
    return Limit(" ".join(found[0].strip("\"'`").split())[:80], path, _at(text, found.start()))


def k6_limit(path: str, text: str) -> Limit | None:
    """The first threshold of a k6 script or of its options as JSON."""
    if "thresholds" not in text and "Thresholds" not in text:
        return None
    found = _k6_threshold(text)
    return _limit(path, text, found) if found else None


def _k6_threshold(text: str) -> re.Match[str] | None:
    """The first limit that a run could miss."""
    every = _K6_LIMIT.finditer(text)
    return next((m for m in every if not _NO_LIMIT.fullmatch(m[0].strip("\"'` "))), None)


def _k6(snapshot: Snapshot, path: str, text: str) -> Load | None:
    test = _K6_TEST.search(text)
    if test is None:
        return None
    beside = list(islice(_imported(snapshot, path, text), _MAX_BESIDE))
    together = "\n".join((text, *(t for _, t in beside)))
    if not _K6_ASKS.search(together):
        return None
    limit = k6_limit(path, text)
    if limit is None and "hresholds" in together:
        limit = next((_limit(p, t, m) for p, t in beside if (m := _k6_threshold(t))), None)
        own = _k6_threshold(text)
        limit = limit or (_limit(path, text, own) if own else None)
    users = _K6_USERS.findall(together)
    few = all(u.replace("_", "").isdigit() and int(u.replace("_", "")) < 2 for u in users)
    return Load("k6", path, _at(text, test.start()), limit, together[:50_000], (ONE_USER,) if few else ())


def _imported(snapshot: Snapshot, path: str, text: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """The repository's own files that a script imports, three steps far."""
    folder = posixpath.dirname(path)
    for name in list(dict.fromkeys(_IMPORTS.findall(text)))[:20]:
        base = posixpath.normpath(posixpath.join(folder, name))
        for file in (base, f"{base}.js", f"{base}.ts", f"{base}/index.js", f"{base}/index.ts"):
            if file in snapshot and file != path:
                inner = plain((snapshot.text(file) or "")[:_MAX])
                yield file, inner
                if depth < 2:
                    yield from _imported(snapshot, file, inner, depth + 1)
                break


def _locust(snapshot: Snapshot, path: str, text: str) -> Load | None:
    test = _LOCUST_TEST.search(text)
    if test is None:
        return None
    limit = _locust_limit(path, text)
    if limit is None:  # a listener may stand in a module beside it
        folder = posixpath.dirname(path)
        for name in re.findall(r"^\s*(?:from|import)\s+\.?([\w.]+)", text, re.MULTILINE)[:30]:
            for file in (
                f"{name.replace('.', '/')}.py",
                posixpath.join(folder, f"{name.replace('.', '/')}.py"),
            ):
                if limit is None and file in snapshot and file != path:
                    inner = _HASH.sub("", _BLOCK.sub(_blank, (snapshot.text(file) or "")[:_MAX]))
                    limit = _locust_limit(file, inner)
    return Load("Locust", path, _at(text, test.start()), limit, text[:50_000])


def _locust_limit(path: str, text: str) -> Limit | None:
    found = _LOCUST_LIMIT.search(text)
    return _limit(path, text, found) if found and _LOCUST_ASKS.search(text) else None


def _gatling(snapshot: Snapshot, path: str, text: str) -> Load | None:
    test = _GATLING_TEST.search(text)
    if test is None or ("setUp" not in text and not test[1]):
        return None
    found = _GATLING_LIMIT.search(text)
    limit = _limit(path, text, found) if found else None
    base = test[1] or test[2]
    if limit is None and base and base != "Simulation":
        for other in snapshot.files:
            if other.rpartition("/")[2].partition(".")[0] == base and other != path:
                inner = plain((snapshot.text(other) or "")[:_MAX])
                found = _GATLING_LIMIT.search(inner)
                limit = _limit(other, inner, found) if found else limit
    return Load("Gatling", path, _at(text, test.start()), limit, text[:50_000])


def _other(path: str, text: str, dialect: _Dialect) -> Load | None:
    test = dialect.test.search(text)
    if test is None:
        return None
    found = dialect.limit.search(text) if dialect.asks is None or dialect.asks.search(text) else None
    return Load(
        dialect.tool,
        path,
        _at(text, test.start()),
        _limit(path, text, found) if found else None,
        text[:50_000],
    )
