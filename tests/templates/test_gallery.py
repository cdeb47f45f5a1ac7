from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from templates.errors import TemplateError
from templates.gallery import built_in, find, load, newest_versions


def template(folder: Path, context: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cookiecutter.json").write_text(json.dumps(context))
    return folder


def test_the_http_service_is_there_and_says_what_it_is() -> None:
    found = {each.name: each for each in built_in()}["python-http-service"]
    assert found.title == "Python HTTP service"
    assert "\n" not in found.description
    assert [question.name for question in found.questions][:3] == ["name", "description", "owner"]
    assert all(question.prompt for question in found.questions)


def test_every_built_in_template_says_what_it_is_and_how_its_name_must_look() -> None:
    for each in built_in():
        assert each.description.endswith(tuple("abcdefghijklmnopqrstuvwxyz"))
        assert each.version
        assert each.question("name").rule


def test_a_template_is_found_by_name_and_by_folder(tmp_path: Path) -> None:
    assert find("python-http-service").path.name == "python-http-service"
    folder = template(tmp_path / "mine", {"name": "x"})
    assert find(str(folder)).path == folder
    assert find(str(folder)).version is None


def test_a_folder_in_the_working_folder_is_found_by_its_bare_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template(tmp_path / "mine", {"name": "x"})
    monkeypatch.chdir(tmp_path)
    assert find("mine").path == tmp_path / "mine"


@pytest.mark.parametrize("name", ["nothing", "", "../nothing", "\0", "a" * 5000, "~nobody-of-that-name/x"])
def test_what_does_not_exist_is_answered_with_what_does(name: str) -> None:
    with pytest.raises(TemplateError) as caught:
        find(name)
    assert "python-http-service" in str(caught.value) or "cookiecutter.json" in str(caught.value)


def test_kinds_of_questions(tmp_path: Path) -> None:
    context = {
        "name": "x",
        "port": 8080,
        "colour": ["red", "blue"],
        "wanted": True,
        "extra": {"a": "b"},
        "_private": 1,
        "__derived": "{{ cookiecutter.name }}",
        "__prompts__": {"name": "Your name", "colour": {"__prompt__": "Which?", "red": "Red!"}},
    }
    questions = {each.name: each for each in load(template(tmp_path, context)).questions}
    assert {key: each.kind for key, each in questions.items()} == {
        "name": "text",
        "port": "text",
        "colour": "choice",
        "wanted": "yes-no",
        "extra": "dictionary",
    }
    assert (questions["name"].prompt, questions["colour"].prompt) == ("Your name", "Which?")
    assert questions["colour"].choices == ("red", "blue")
    assert questions["port"].prompt == "port"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "line 1"),
        (b"[]", "no JSON object"),
        (b"\xff", "cannot be read"),
        (b'{"a": []}', "offers nothing"),
        (b"[" * 100_000, "nested"),
        (b'{"a": "' + b"x" * 1_000_001 + b'"}', "larger"),
        (b'{"templates": {"one": {"path": "./one"}}}', "several templates"),
        (b'{"a": "x", "_handrail": {"rules": {"a": {"pattern": "("}}}}', "rule of 'a'"),
    ],
)
def test_a_broken_template_is_refused_with_the_reason(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "cookiecutter.json").write_bytes(content)
    with pytest.raises(TemplateError, match=said):
        load(tmp_path)


def test_a_choice_of_templates_says_where_they_lie(tmp_path: Path) -> None:
    template(tmp_path, {"templates": {"one": {"path": "./one"}}})
    template(tmp_path / "one", {"name": "x"})
    with pytest.raises(TemplateError) as caught:
        load(tmp_path)
    assert str(tmp_path / "one") in caught.value.hint


def test_listing_templates_imports_neither_cookiecutter_nor_git() -> None:
    code = "import sys, templates.gallery as g; g.built_in(); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for module in ("cookiecutter", "jinja2", "git", "yaml"):
        assert f"'{module}'" not in done.stdout


def test_each_built_in_template_has_a_version_that_services_can_be_held_against() -> None:
    assert newest_versions() == {template.name: template.version for template in built_in()}
    assert all(newest_versions().values())
