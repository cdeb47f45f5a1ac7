"""Validating files and folders."""

from pathlib import Path

import pytest

from catalog.document import Document
from catalog.problem import Problem
from catalog.snapshot import Unreadable
from catalog.validation import Checked, validate_paths

GOOD = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: shop\nspec:\n  owner: pay\n"
BAD = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: shop\nspec: {}\n"
TEMPLATE = (
    "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: t\n"
    "spec:\n  type: service\n  steps: []\n"
)
WIDGET = "apiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: w\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def short(checked: list[Checked]) -> list[tuple[str, int, str, list[int | None]]]:
    return [(Path(c.path).name, c.index, c.verdict, [f.line for f in c.faults]) for c in checked]


def test_a_file_is_read_whatever_its_name_and_each_document_has_a_verdict(tmp_path: Path) -> None:
    write(tmp_path, {"any.txt": f"{GOOD}---\n{BAD}---\n{WIDGET}"})
    found = list(validate_paths([tmp_path / "any.txt"]))
    assert short(found) == [
        ("any.txt", 0, "valid", []),
        ("any.txt", 1, "invalid", [12]),
        ("any.txt", 2, "unknown-kind", []),
    ]
    assert [c.kind for c in found] == ["System", "System", "Widget"]
    assert found[1].faults[0].field == "spec.owner"


def test_a_broken_document_is_invalid_in_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": f"{GOOD}---\na: [\n---\n{GOOD}"})
    assert short(list(validate_paths([tmp_path / "a.yaml"]))) == [
        ("a.yaml", 0, "valid", []),
        ("a.yaml", 1, "invalid", [8]),
        ("a.yaml", 2, "valid", []),
    ]


def test_a_key_written_twice_is_invalid(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": GOOD + "  owner: other\n"})
    (found,) = validate_paths([tmp_path / "a.yaml"])
    assert [(f.line, f.message) for f in found.faults] == [
        (7, "`owner` is written twice in one mapping. Keep one of the two.")
    ]


def test_in_a_folder_descriptors_are_found_as_a_crawl_finds_them(tmp_path: Path) -> None:
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: l\nspec:\n  target: ./x.yaml\n"
    )
    write(
        tmp_path,
        {
            "catalog-info.yaml": location,
            "x.yaml": BAD,
            "services/a/catalog-info.yml": GOOD,
            "other.yaml": "a: 1\n",
            "examples/catalog-info.yaml": BAD,
            "skeleton/catalog-info.yaml": "a: {{ b }}: c\n",
            "paths/go/template.yaml": TEMPLATE,
            "cards/own.yaml": "apiVersion: handrail.dev/v1\nkind: Scorecard\nmetadata:\n  name: own\n",
        },
    )
    found = list(validate_paths([tmp_path]))
    assert [str(Path(c.path).relative_to(tmp_path)) for c in found] == [
        "catalog-info.yaml",
        "services/a/catalog-info.yml",
        "x.yaml",
        "cards/own.yaml",
        "paths/go/template.yaml",
    ]


def test_documents_of_others_are_theirs_to_judge(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": f"{WIDGET}---\n{GOOD}"})

    def widgets(document: Document) -> tuple[Problem, ...] | None:
        return (Problem("schema", "No.", document.path, 2),) if document.get("kind") == "Widget" else None

    assert short(list(validate_paths([tmp_path / "a.yaml"], widgets))) == [
        ("a.yaml", 0, "invalid", [2]),
        ("a.yaml", 1, "valid", []),
    ]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n---\n"])
def test_a_file_without_a_document_is_invalid(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"a.yaml": text})
    (found,) = validate_paths([tmp_path / "a.yaml"])
    assert found.verdict == "invalid"
    assert "holds no document" in found.faults[0].message


def test_a_file_too_big_to_read_is_invalid_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "#" * (2 * 1024 * 1024 + 1)})
    (found,) = validate_paths([tmp_path / "a.yaml"])
    assert (found.verdict, found.faults[0].line) == ("invalid", None)
    assert "cannot be read: more than the" in found.faults[0].message


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"real.yaml": GOOD})
    (tmp_path / "a.yaml").symlink_to("real.yaml")
    assert short(list(validate_paths([tmp_path / "a.yaml"]))) == [("a.yaml", 0, "valid", [])]


def test_a_path_that_is_not_there_stops(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is not there"):
        list(validate_paths([tmp_path / "gone.yaml"]))
