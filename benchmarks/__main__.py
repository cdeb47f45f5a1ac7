"""`make bench`: every figure beside its limit and its peer, in one run.

python -m benchmarks [--quick]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.fleet import CHECKED, FILES, make_fleet
from benchmarks.measuring import Figure, pairs, peak_memory, seconds
from benchmarks.peers import clone, cookiecutter, read_with_git, repolinter
from scorecards.scorecard import DEFINITIONS

_BIN = Path(sys.executable).parent
_HANDRAIL = str(_BIN / "handrail")
SMALL, MIDDLE, LARGE = 100, 1_000, 5_000


def main() -> int:
    """Measure, print, and say with the exit status whether every limit holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes: a look, no measurement")
    parser.add_argument("--only", choices=["fleet", "crawl", "remotes", "commands"], help="one part of it")
    options = parser.parse_args()
    sizes = tuple(n // 10 if options.quick else n for n in (SMALL, MIDDLE, LARGE))
    broken = 0
    print(f"{'figure':<58}{'value':>12}  {'limit':<10}{'peer'}")
    with tempfile.TemporaryDirectory(prefix="handrail-bench-") as folder:
        for figure in _figures(Path(folder), sizes, options.only):
            mark = {True: "holds", False: "BROKEN", None: ""}[figure.holds]
            print(f"{figure.name:<58}{figure.value:>12}  {figure.limit:<10}{figure.peer}  {mark}", flush=True)
            broken += figure.holds is False
    return 1 if broken else 0


def _figures(folder: Path, sizes: tuple[int, ...], only: str | None) -> Iterator[Figure]:
    small, middle, large = sizes
    print(
        f"# making fleets of {small:,}, {middle:,} and {large:,} repositories of {FILES} files",
        file=sys.stderr,
    )
    truths = {n: make_fleet(folder / str(n), n, seed=n) for n in sizes}
    if only in (None, "fleet"):
        yield from _judged(folder, middle, truths[middle])
    if only in (None, "crawl"):
        yield from _crawls(folder, small, middle, large)
    if only in (None, "remotes"):
        yield from _remotes(folder, middle)
    if only in (None, "commands"):
        yield from _commands(folder, middle)


def _judged(folder: Path, count: int, truth: list[dict[str, str]]) -> Iterator[Figure]:
    """Whether the checks see what the fleet really has: what is there, and never what is hollow."""
    database = f"sqlite:///{folder / 'judged.db'}"
    seconds([_HANDRAIL, "crawl", str(folder / str(count)), "--db", database])
    listed = subprocess.run(
        [_HANDRAIL, "services", "--db", database, "--format", "json"], check=True, capture_output=True
    )
    services = {s["ref"].rpartition("/")[2]: s for s in json.loads(listed.stdout)["services"]}
    for practice, check in CHECKED.items():
        right = hollow = 0
        for row in truth:
            (card,) = services[row["name"]]["scorecards"]
            status = next((c["status"] for c in card["checks"] if c["id"] == check), "not there")
            right += (status in ("pass", "partial")) == (row[practice] == "yes")
            hollow += row[practice] != "yes" and status == "pass"
        name = f"{check} judged right, of {count:,}; passes that should not be"
        yield Figure(
            name, f"{right / count:.1%}; {hollow}", "100%; 0", "the fleet", right == count and not hollow
        )


def _crawls(folder: Path, small: int, middle: int, large: int) -> Iterator[Figure]:
    def crawl(count: int, database: Path) -> list[str]:
        return [
            _HANDRAIL,
            "crawl",
            str(folder / str(count)),
            "--db",
            f"sqlite:///{database}",
            "--format",
            "json",
        ]

    def fresh(count: int) -> float:
        for file in folder.glob("fresh.db*"):
            file.unlink()
        return seconds(crawl(count, folder / "fresh.db"))

    ours, theirs, ratio = pairs(lambda: fresh(middle), lambda: read_with_git(folder / str(middle)), runs=3)
    name = f"crawl {middle:,}, in git ls-tree + cat-file's time"
    yield Figure(name, f"{ratio:.2f}", "0.40", f"{ours:.2f} s, git {theirs:.2f} s", ratio <= 0.40)

    yield _whole_scorecard(folder, middle)
    kept = folder / "kept.db"
    whole = seconds(crawl(large, kept))
    again = min(seconds(crawl(large, kept)) for _ in range(3))
    part = again / whole
    yield Figure(
        f"nothing changed at {large:,}, of the full pass",
        f"{part:.2f}",
        "0.15",
        f"{again:.2f} s of {whole:.2f} s",
        part <= 0.15,
    )
    at_small, at_middle, at_large = (min(fresh(n) for _ in range(2)) for n in (small, middle, large))
    low = (at_middle - at_small) / (middle - small)
    high = (at_large - at_middle) / (large - middle)
    yield Figure(
        f"marginal time, {middle:,} to {large:,} in {small:,} to {middle:,}'s",
        f"{high / low:.2f}",
        "1.00",
        f"{high * 1e3:.2f} ms, {low * 1e3:.2f} ms a repository",
        high <= low * 1.02,
    )
    peak = peak_memory(crawl(large, folder / "memory.db"))
    yield Figure(f"peak memory of all processes at {large:,}", f"{peak:.0f} MB", "250 MB", "", peak < 250)


def _remotes(folder: Path, count: int) -> Iterator[Figure]:
    """Cold, from `file://` addresses: mirror, score and store, against only cloning."""
    source, configuration = folder / str(count), folder / "remotes.toml"
    urls = [file.as_uri() for file in sorted(source.iterdir())]
    configuration.write_text(f"[[sources]]\ngit = {json.dumps(urls)}\n[mirrors]\nfolder = 'mirrors'\n")

    def fresh(place: str) -> Path:
        for file in folder.glob("remotes.db*"):
            file.unlink()
        shutil.rmtree(folder / place, ignore_errors=True)
        (folder / place).mkdir()
        return folder / place

    def ours() -> float:
        fresh("mirrors")
        database = f"sqlite:///{folder / 'remotes.db'}"
        return seconds([_HANDRAIL, "crawl", "--config", str(configuration), "--db", database])

    mine, theirs, ratio = pairs(ours, lambda: clone(source, fresh("clones")), runs=3)
    name = f"mirror, score and store {count:,}, in git clone's time"
    yield Figure(name, f"{ratio:.2f}", "1.50", f"{mine:.2f} s, git {theirs:.2f} s", ratio <= 1.5)


SLICE = (
    *("owner-set", "described", "runbook-present", "slo-defined"),
    *("ci-tests", "health-probed", "rollback-configured", "chaos-test-exists"),
)
"""The core of each stage: what the whole scorecard's time is held against."""
_BY = """
import sys
from pathlib import Path
import scorecards.scorecard
scorecards.scorecard.DEFINITIONS = Path(sys.argv.pop(1))
from handrail.__main__ import main
main()
"""


def _whole_scorecard(folder: Path, count: int) -> Figure:
    """A crawl with every check, in the time of one with the core of each stage."""
    sliced = folder / "slice"
    shutil.copytree(DEFINITIONS, sliced)
    card = sliced / "reliability.yaml"
    named = "  checks:\n" + "".join(f"    - id: {check}\n" for check in SLICE)
    card.write_text(card.read_text("utf-8").replace("  all: true\n", named), "utf-8")

    def by(definitions: Path) -> float:
        for file in folder.glob("by.db*"):
            file.unlink()
        database = f"sqlite:///{folder / 'by.db'}"
        return seconds(
            [sys.executable, "-c", _BY, str(definitions), "crawl", str(folder / str(count)), "--db", database]
        )

    ours, theirs, ratio = pairs(lambda: by(DEFINITIONS), lambda: by(sliced), runs=3)
    name = f"crawl {count:,} with every check, in the time of {len(SLICE)}"
    return Figure(name, f"{ratio:.2f}", "1.40", f"{ours:.2f} s, {theirs:.2f} s", ratio <= 1.40)


def _commands(folder: Path, count: int) -> Iterator[Figure]:
    working = folder / "working"
    source = next((folder / str(count)).iterdir())
    subprocess.run(["git", "clone", "-q", str(source), str(working)], check=True)
    check = [_HANDRAIL, "check", str(working), "--format", "json"]
    ours, theirs, ratio = pairs(lambda: seconds(check), lambda: repolinter(working), runs=5)
    name = f"check on a repository of {FILES} files, in repolinter's time"
    yield Figure(
        name, f"{ratio:.2f}", "0.60", f"{ours * 1e3:.0f} ms, repolinter {theirs * 1e3:.0f} ms", ratio <= 0.60
    )
    usage = [_HANDRAIL, "--help"]
    ours, theirs, ratio = pairs(lambda: seconds(usage), cookiecutter, runs=9)
    yield Figure(
        "--help, in cookiecutter --version's time",
        f"{ratio:.2f}",
        "0.60",
        f"{ours * 1e3:.0f} ms, cookiecutter {theirs * 1e3:.0f} ms",
        ratio <= 0.60,
    )


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
