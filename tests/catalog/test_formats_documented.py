"""The examples of docs/formats.md are what the program reads."""

import re
import textwrap
from pathlib import Path

import pytest

from catalog.descriptors import format_of, formats
from catalog.document import parse_yaml

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
EXAMPLES = [
    textwrap.dedent(found)
    for found in re.findall(r"\n\n((?:    .*\n|\n(?=    ))+)", TEXT)
    if "[teams]" not in found
]


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.split(":")[0])
def test_an_example_is_valid_in_its_format(text: str) -> None:
    (document,) = parse_yaml(text, "example.yaml").documents
    form = format_of(document)
    assert form is not None
    assert form.judge(document).verdict == "valid"
    assert form.MARK.search(text)


def test_every_format_has_an_example_and_its_files_are_named() -> None:
    documents = [parse_yaml(text, "example.yaml").documents[0] for text in EXAMPLES]
    shown = {name for name, form in formats().items() if any(form.claims(d) for d in documents)}
    assert shown == {name for name in formats() if name != "backstage"}
    for form in formats().values():
        assert any(f"`{name}`" in TEXT for name in form.FILES)
