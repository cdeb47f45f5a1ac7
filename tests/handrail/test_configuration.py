"""handrail.toml is read, and what is wrong with it is said."""

import pytest

from catalog.remotes.mirror import Limits
from handrail.configuration import Configuration, load
from handrail.errors import Stop
from handrail.sources import described, source


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


def test_repositories_elsewhere_are_named_by_address_and_by_group(tmp_path):
    file = tmp_path / "handrail.toml"
    file.write_text(
        '[[sources]]\ngit = ["https://git.example.org/a.git", "git@git.example.org:b.git"]\n'
        '[[sources]]\ngithub = "acme"\nforks = true\n'
        '[[sources]]\ngitlab = "acme/platform"\nurl = "https://git.example.org/"\nssh = true\n'
        '[hosts."git.example.org"]\ntoken-file = "secrets/token"\nca-file = "/etc/ca.pem"\n'
        '[mirrors]\nfolder = "mirrors"\nseconds = 30\nmegabytes = 2\nat-once = 8\n'
    )
    found = load(file)
    assert [str(described(source)) for source in found.sources] == [
        "https://git.example.org/a.git",
        "git@git.example.org:b.git",
        "github:acme at https://api.github.com",
        "gitlab:acme/platform at https://git.example.org",
    ]
    assert found.sources[2].forks
    assert found.sources[3].ssh
    assert found.remotes.access.host("git.example.org").token_file == tmp_path / "secrets/token"
    mirrors = found.remotes.mirrors()
    assert mirrors.root == tmp_path / "mirrors"
    assert mirrors.limits == Limits(seconds=30, at_once=8, largest=2 * 1024**2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[[sources]]\ngit = "ext::sh -c id"', "source 1: ext::sh -c id cannot be used"),
        ('[[sources]]\ngit = "https://ada:secret@host/x"', r"\*\*\*@host/x cannot be used: .* token"),
        ("[[sources]]\ngit = [1]", "`git` is not a text"),
        ('[[sources]]\ngit = "https://h/x"\npath = "y"', "more than one of"),
        ('[[sources]]\ngithub = "a b"', "no name of an organisation"),
        ('[[sources]]\ngithub = "a"\nforks = 1', "`forks` is neither true nor false"),
        ('[[sources]]\ngithub = "a"\nurl = "ftp://x"', "not the address of a host"),
        ('[[sources]]\ngithub = "a"\ntoken = "x"', "`token` is not known"),
        ('[hosts."h"]\ntoken = "secret"', "holds a token"),
        ('[hosts."h"]\ntoken-env = "A"\ntoken-file = "b"', "has both"),
        ('[hosts."h"]\npassword = "x"', "`password` is not known"),
        ("hosts = 1", "not a table"),
        ("[mirrors]\nseconds = 0", "not a whole number"),
        ("[mirrors]\nseconds = true", "not a whole number"),
    ],
)
def test_what_is_wrong_with_what_is_elsewhere_is_said_without_any_secret(tmp_path, content, message):
    file = tmp_path / "handrail.toml"
    file.write_text(content)
    with pytest.raises(Stop, match=message) as caught:
        load(file)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("word", "is_what"),
    [
        ("https://git.example.org/a.git", "https://git.example.org/a.git"),
        ("github:acme", "github:acme at https://api.github.com"),
        ("gitlab:acme/platform@git.example.org", "gitlab:acme/platform at https://git.example.org"),
        ("../repositories", "../repositories"),
    ],
)
def test_a_word_of_the_command_line_is_a_folder_an_address_or_a_group(word, is_what):
    assert described(source(word)) == is_what
