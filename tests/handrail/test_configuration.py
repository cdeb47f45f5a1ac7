"""handrail.toml is read, and what is wrong with it is said."""

import pytest

from handrail.configuration import Configuration, load
from handrail.errors import Stop


def test_sources_are_relative_to_the_file(tmp_path):
    file = tmp_path / "handrail.toml"
    file.write_text('[database]\nurl = "sqlite:///x.db"\n[[sources]]\npath = "../repositories"\n')
    found = load(file)
    assert found.sources == ((tmp_path.parent / "repositories"),)
    assert found.database == "sqlite:///x.db"


def test_no_file_is_no_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(None) == Configuration()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("sources = [", "not valid TOML"),
        ("sauces = []", "`sauces` is not known"),
        ("sources = 1", "is not a list"),
        ("[[sources]]\nurl = 'x'", "source 1 has no `path`"),
        ("[database]\nfile = 'x'", "has no `url`"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(tmp_path, content, message):
    file = tmp_path / "handrail.toml"
    file.write_text(content)
    with pytest.raises(Stop, match=message):
        load(file)


def test_a_named_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(Stop, match="cannot be read"):
        load(tmp_path / "none.toml")
