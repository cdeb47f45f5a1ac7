"""Files of a repository at its commit, and excerpts of them."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.snapshot import Unreadable
from web.excerpts import Source, read_excerpts
from web.repository import named_snapshot
from web.results import counted, read_results


@pytest.fixture
def source(tmp_path: Path, git: Any) -> Source:
    """A repository with links, a binary file and long lines."""
    folder = tmp_path / "shop"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "a.md").write_text("".join(f"line {n}\n" for n in range(1, 31)))
    (folder / "long.txt").write_text("x" * 5000 + "\n")
    (folder / "empty.txt").write_text("")
    (folder / "binary").write_bytes(b"\0\1\2\xff")
    os.symlink("docs/a.md", folder / "link.md")
    os.symlink("../../../etc/passwd", folder / "out.md")
    os.symlink("/etc/passwd", folder / "absolute.md")
    os.symlink("round.md", folder / "round.md")
    git(tmp_path, "init", "-q", "shop")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    return Source(str(folder), "shop", git(folder, "rev-parse", "HEAD"))


def evidence(*places: tuple[str, int | None]) -> list[list[dict[str, Any]]]:
    return [[{"path": path, "line": line, "note": f"note {line}"} for path, line in places]]


def test_lines_around_a_place_and_near_places_in_one(source: Source) -> None:
    (found,) = read_excerpts(source, evidence(("docs/a.md", 10), ("docs/a.md", 13), ("docs/a.md", 29)))
    assert [[line.number for line in e.lines] for e in found] == [
        [8, 9, 10, 11, 12, 13, 14],
        [27, 28, 29, 30],
    ]
    assert [line.number for line in found[0].lines if line.hit] == [10, 13]
    assert found[0].note == "note 10; note 13"


def test_a_whole_file_shows_how_it_begins(source: Source) -> None:
    (found,) = read_excerpts(source, evidence(("docs/a.md", None)))
    assert [line.text for line in found[0].lines] == ["line 1", "line 2", "line 3", "line 4"]


def test_links_are_followed_within_the_repository_only(source: Source) -> None:
    (found,) = read_excerpts(
        source, evidence(("link.md", 1), ("out.md", 1), ("absolute.md", 1), ("round.md", 1), ("docs", 1))
    )
    assert found[0].lines[0].text == "line 1"
    for other in found[1:]:
        assert other.lines == ()
        assert other.absent


def test_what_is_long_binary_empty_or_absent_is_said(source: Source) -> None:
    (found,) = read_excerpts(
        source, evidence(("long.txt", 1), ("binary", 1), ("empty.txt", 1), ("nope", 1), ("docs/a.md", 999))
    )
    long, binary, empty, nope, beyond = found
    assert len(long.lines[0].text) < 400
    assert "\0" not in binary.lines[0].text
    assert empty.absent
    assert "not in this commit" in nope.absent
    assert beyond.absent


def test_no_repository_no_commit_or_a_lost_one_is_said(source: Source, tmp_path: Path) -> None:
    for broken in (
        Source(str(tmp_path / "nowhere"), "x", "a" * 40),
        Source(source.location, "x", None),
        Source(source.location, "x", "a" * 40),
        Source(source.location, "x", "no commit"),
    ):
        (found,) = read_excerpts(broken, evidence(("docs/a.md", 1)))
        assert "cannot be read at present" in found[0].absent
    with pytest.raises(Unreadable):
        named_snapshot(source.location, "x", "b" * 40, ["docs/a.md"])


@pytest.mark.parametrize(
    "path", ["", "/", ".", "..", "docs/", "//", "docs//a.md", "\0", "a" * 5000, "docs/a.md/b"]
)
def test_no_path_breaks_the_reading(source: Source, path: str) -> None:
    (found,) = read_excerpts(source, evidence((path, 1)))
    assert found[0].absent or found[0].lines


@given(
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["id", "status", "stage", "evidence", "waiver", "path", "fix", "message"]
                    ),
                    inner,
                )
            ),
        )
    )
)
def test_stored_results_of_any_shape_are_read(stored: list[Any]) -> None:
    results = read_results(stored)
    assert sum(counted(results).values()) == len(results)
