from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.answers import MAX_ANSWER, check, complete, default_for
from templates.errors import TemplateError
from templates.gallery import Template, find, load

HTTP_SERVICE = find("python-http-service")


def template(folder: Path, context: object) -> Template:
    (folder / "cookiecutter.json").write_text(json.dumps(context))
    return load(folder)


@pytest.mark.parametrize("name", ["a", "payments", "a1-b2", "x" * 63])
def test_names_that_are_dns_labels(name: str) -> None:
    assert check(HTTP_SERVICE, "name", name) == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "../x",
            "/etc",
            "a/b",
            "A",
            "-a",
            "a-",
            "1a",
            "a_b",
            "a.b",
            "x" * 64,
            "a\n",
            "a\0",
            "é",
            "😀",
            "..",
        ),
        *("con", "nul", "com1", "{{ 7 * 7 }}", "{% raw %}", "a b"),
        pytest.param("x" * 10_000_000, id="10 MB"),
    ],
)
def test_names_that_are_not(name: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(HTTP_SERVICE, "name", name)
    assert caught.value.question == "name"
    assert caught.value.hint
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("owner", ["pricing", "group:default/pricing", "user:jane.doe", "team-a"])
def test_owners(owner: str) -> None:
    assert check(HTTP_SERVICE, "owner", owner) == owner


@pytest.mark.parametrize("owner", ["", "a b", "a: b", "group:", "@org/team", "a/b/c", "x\n- y", "#a"])
def test_what_is_no_owner(owner: str) -> None:
    with pytest.raises(TemplateError, match="owner"):
        check(HTTP_SERVICE, "owner", owner)


@pytest.mark.parametrize("tag", ["{{ 7 * 7 }}", "}}", "{% for x in y %}", "{# no #}", "a{{b"])
def test_an_answer_that_holds_a_tag_is_refused(tag: str) -> None:
    with pytest.raises(TemplateError) as caught:
        complete(HTTP_SERVICE, {"description": tag})
    assert caught.value.question == "description"


def test_tags_are_those_of_the_template(tmp_path: Path) -> None:
    odd = template(
        tmp_path,
        {"name": "x", "_jinja2_env_vars": {"variable_start_string": "<%", "variable_end_string": "%>"}},
    )
    with pytest.raises(TemplateError):
        complete(odd, {"name": "<% 7 * 7 %>"})
    assert complete(odd, {"name": "{{ 7 * 7 }}"})["name"] == "{{ 7 * 7 }}"


@pytest.mark.parametrize("text", ["a\nb", "a\0", "\x1b[31m", "\ud800", "x" * (MAX_ANSWER + 1)])
def test_an_answer_is_one_line_of_text(text: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(HTTP_SERVICE, "description", text)
    assert caught.value.question == "description"


def test_a_question_that_is_not_asked() -> None:
    with pytest.raises(TemplateError, match="does not ask for 'nmae'"):
        complete(HTTP_SERVICE, {"nmae": "x"})
    with pytest.raises(TemplateError, match="_handrail"):
        complete(HTTP_SERVICE, {"_handrail": "x"})


def test_defaults_follow_from_answers() -> None:
    assert default_for(HTTP_SERVICE, "name", {}) == "quotes"
    assert default_for(HTTP_SERVICE, "owner", {"name": "payments"}) == "team-payments"
    assert default_for(HTTP_SERVICE, "lifecycle", {}) == "production"


def test_a_choice_is_one_of_its_choices() -> None:
    assert complete(HTTP_SERVICE, {"lifecycle": "deprecated"})["lifecycle"] == "deprecated"
    with pytest.raises(TemplateError, match="production, experimental, deprecated"):
        complete(HTTP_SERVICE, {"lifecycle": "gone"})


def test_a_choice_may_be_made_of_earlier_answers(tmp_path: Path) -> None:
    mine = template(
        tmp_path, {"name": "x", "host": ["{{ cookiecutter.name }}.a", "{{ cookiecutter.name }}.b"]}
    )
    assert complete(mine, {"name": "y"})["host"] == "y.a"
    assert complete(mine, {"name": "y", "host": "y.b"})["host"] == "y.b"
    with pytest.raises(TemplateError, match=r"y\.a, y\.b"):
        complete(mine, {"name": "y", "host": "x.b"})


def test_yes_no_and_dictionaries(tmp_path: Path) -> None:
    mine = template(tmp_path, {"name": "x", "wanted": False, "extra": {"of": "{{ cookiecutter.name }}"}})
    assert complete(mine, {})["extra"] == {"of": "x"}
    done = complete(mine, {"wanted": "YES", "extra": '{"a": 1}'})
    assert (done["wanted"], done["extra"]) == (True, {"a": 1})
    assert (default_for(mine, "wanted", {}), default_for(mine, "extra", {"name": "y"})) == (
        "no",
        '{"of": "y"}',
    )
    for wrong in ({"wanted": "maybe"}, {"extra": "[]"}, {"extra": "{"}):
        with pytest.raises(TemplateError):
            complete(mine, wrong)


def test_a_default_that_cannot_be_rendered_is_named(tmp_path: Path) -> None:
    mine = template(tmp_path, {"name": "{{ cookiecutter.nothing }}"})
    with pytest.raises(TemplateError) as caught:
        complete(mine, {})
    assert caught.value.question == "name"


@given(st.text(max_size=60))
def test_whatever_is_answered_is_taken_as_it_is_or_refused(text: str) -> None:
    refused = None
    try:
        assert complete(HTTP_SERVICE, {"description": text})["description"] == text
    except TemplateError as error:
        refused = error
    assert refused is None or refused.question == "description"
