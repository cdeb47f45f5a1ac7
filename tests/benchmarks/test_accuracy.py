"""The measurement compares labels with verdicts, counts every kind of error, and shows what was read."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.accuracy import Comparison as Pair
from benchmarks.accuracy import InvalidTable, as_services, figures, main, read_labels, read_places
from benchmarks.accuracy import Verdict as Said
from catalog.gitcommand import GIT, environment
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.result import Result, Status

OWNED = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
spec:
  type: library
  lifecycle: production
  owner: group:default/payments
"""


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*GIT, "-C", str(folder), *arguments], env=environment(), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str]) -> str:
    """Commit these files, and say which commit it is."""
    if not folder.exists():
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "Change it")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Two repositories, one of them read at a commit before its HEAD, and a third that is not there."""
    owned = commit(tmp_path / "owned", {"services/payments/catalog-info.yaml": OWNED})
    commit(tmp_path / "owned", {"services/payments/catalog-info.yaml": OWNED.replace("group:default/", "")})
    commit(tmp_path / "bare", {"README.md": "# Bare\n"})
    table = tmp_path / "index.tsv"
    table.write_text(
        "repository\tgit folder\tcommit\n"
        f"acme/owned\towned/.git\t{owned}\n"
        f"acme/bare\t{tmp_path / 'bare' / '.git'}\t\n"
        "acme/broken\tnowhere\t\n",
        "utf-8",
    )
    return table


def labels(folder: Path, *rows: str, header: str = "repository\towner-set\tno-such-check\tevidence") -> Path:
    table = folder / "labels.tsv"
    table.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return table


def test_labels_that_agree_give_full_marks(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = labels(tmp_path, "acme/owned\tyes\tno\t", "acme/bare\tno\tyes\t")
    assert main([str(table), str(index)]) == 0
    shown = capsys.readouterr()
    assert "| owner-set | 2 | 100.0 % | 100.0 % | 100.0 % | 100.0 % | 100.0 % | 0 | 0.0 % |" in shown.out
    assert "0 of 2 disagree" in shown.out
    assert "There is no check `no-such-check`" in shown.err


def test_disagreements_name_commit_service_file_and_what_the_label_saw(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = labels(tmp_path, "acme/owned\tno\t-\tread it twice", "acme/bare\tyes\t-\t")
    assert main([str(table), str(index)]) == 0
    shown = capsys.readouterr().out
    assert "| owner-set | 2 | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 0.0 % | 1 | 0.0 % |" in shown
    assert "### false pass: acme/owned" in shown
    assert "### missed (fail): acme/bare" in shown
    read = next(line for line in index.read_text().splitlines() if line.startswith("acme/owned"))
    assert f"At {read[-40:-30]}, labelled no, is pass" in shown
    assert "component:default/payments in `services/payments`" in shown
    assert "- read services/payments/catalog-info.yaml:8: " in shown
    assert "- the label says: read it twice" in shown


def test_what_was_not_judged_or_cannot_be_read_is_left_out_and_said(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = labels(
        tmp_path, "acme/owned\t-\t-\t", "acme/bare\tno\t-\t", "acme/broken\tyes\t-\t", "acme/gone\tno\t-\t"
    )
    assert main([str(table), str(index)]) == 0
    shown = capsys.readouterr()
    assert "| owner-set | 1 | " in shown.out
    assert "acme/broken: left out, not a git repository" in shown.err
    assert "acme/gone: not in " in shown.err


def test_nothing_to_compare_is_an_error(
    tmp_path: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = labels(tmp_path, "acme/owned\t-\t-\t")
    assert main([str(table), str(index)]) == 2
    assert "nothing to compare" in capsys.readouterr().err


def test_every_service_is_judged_as_a_service_and_the_root_too(tree: Callable[..., Snapshot]) -> None:
    snapshot = tree({"services/payments/catalog-info.yaml": OWNED})
    found = [(s.path, s.type, s.state) for s in as_services(snapshot)]
    assert found == [("", "service", "undeclared"), ("services/payments", "service", "declared")]


def pair(label: str, status: Status) -> Pair:
    service = Service(Ref("component", "default", "payments"), "service")
    return Pair("acme/payments", "0" * 40, label, Said("owner-set", Result(status, ""), service))


def test_unknown_agrees_with_no_and_is_a_miss_on_yes() -> None:
    assert pair("no", Status.UNKNOWN).error is None
    assert pair("partial", Status.UNKNOWN).error == "missed (unknown)"
    assert pair("no", Status.PARTIAL).error == "false partial"


def test_figures_over_every_kind_of_answer() -> None:
    found = figures(
        [
            pair("yes", Status.PASS),
            pair("yes", Status.PARTIAL),
            pair("partial", Status.FAIL),
            pair("no", Status.PASS),
            pair("no", Status.PARTIAL),
            pair("no", Status.UNKNOWN),
            pair("no", Status.FAIL),
            pair("no", Status.NOT_APPLICABLE),
        ]
    )
    assert found.n == 8
    assert found.agreement == 5 / 8
    assert found.decided == 5 / 7
    assert found.exact == 4 / 8
    assert found.precision == 2 / 4
    assert found.recall == 2 / 3
    assert found.false_passes == 1
    assert found.unknown == 1 / 8


def test_shares_of_nothing_are_none() -> None:
    assert figures([]).agreement is None
    assert figures([pair("no", Status.FAIL)]).precision is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "labels.tsv:1: expected a header"),
        ("owner-set\trepository\n", "labels.tsv:1: expected a header"),
        (
            "repository\towner-set\na/b\tmaybe\n",
            "labels.tsv:2: `owner-set` is `maybe`, expected one of `yes`",
        ),
        ("repository\towner-set\na/b\n", "labels.tsv:2: `owner-set` is ``"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "labels.tsv"
    table.write_text(text, "utf-8")
    assert main([str(table), str(table)]) == 2
    assert expected in capsys.readouterr().err
    with pytest.raises(InvalidTable):
        read_labels(table)


def test_a_table_that_is_missing_or_short_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidTable, match="No such file"):
        read_labels(tmp_path / "none.tsv")
    short = tmp_path / "index.tsv"
    short.write_text("acme/owned\n", "utf-8")
    with pytest.raises(InvalidTable, match=r"index.tsv:1: expected repository, git folder and commit"):
        read_places(short)
