from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from templates.errors import TemplateError
from templates.gallery import Template, built_in, find, load
from templates.render import digest, render

Tree = Callable[[], set[str]]


def template(folder: Path, context: dict[str, object], files: dict[str, str]) -> Template:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cookiecutter.json").write_text(json.dumps(context))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return load(folder)


@pytest.fixture
def simple(tmp_path: Path) -> Template:
    return template(
        tmp_path / "simple",
        {"name": "x", "text": "y"},
        {
            "{{cookiecutter.name}}/{{cookiecutter.name}}.txt": "{{ cookiecutter.text }}\n",
            "{{cookiecutter.name}}/sub/.hidden": "h",
        },
    )


@pytest.mark.parametrize("each", built_in(), ids=lambda each: each.name)
def test_plain_cookiecutter_renders_the_same_bytes(each: Template, tmp_path: Path) -> None:
    answers = {"name": "payments", "description": 'It "pays": é', "owner": "group:default/money"}
    made = render(each, tmp_path / "ours" / "payments", answers)
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config", str(each.path)]
    (tmp_path / "theirs").mkdir()
    subprocess.run(
        [*command, *(f"{key}={value}" for key, value in answers.items())], cwd=tmp_path / "theirs", check=True
    )

    def content(root: Path) -> dict[str, tuple[bytes, int]]:
        return {
            path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mode)
            for path in root.rglob("*")
            if path.is_file()
        }

    ours, theirs = content(made.destination), content(tmp_path / "theirs" / "payments")
    record = ours.pop(".handrail/template.yaml")
    assert yaml.safe_load(record[0])["answers"]["name"] == "payments"
    assert ours == theirs
    assert {*ours, ".handrail/template.yaml"} == set(made.files)


def test_what_it_was_made_from_is_recorded(simple: Template, tmp_path: Path) -> None:
    made = render(simple, tmp_path / "out", {"text": "z: #"})
    assert made.files == (".handrail/template.yaml", "sub/.hidden", "x.txt")
    assert made.answers == {"name": "x", "text": "z: #"}
    assert yaml.safe_load((tmp_path / "out/.handrail/template.yaml").read_text()) == {
        "schema": 1,
        "template": {"name": "simple", "source": "folder", "digest": f"sha256:{digest(simple)}"},
        "answers": {"name": "x", "text": "z: #"},
    }


def test_the_digest_changes_with_any_byte(simple: Template) -> None:
    before = digest(simple)
    (simple.path / "{{cookiecutter.name}}/sub/.hidden").write_text("H")
    assert digest(simple) != before


def test_the_folder_is_called_as_asked_and_not_as_the_service(simple: Template, tmp_path: Path) -> None:
    render(simple, tmp_path / "deep" / "er" / "Other", {"name": "svc"})
    assert (tmp_path / "deep/er/Other/svc.txt").read_text() == "y\n"


def test_an_empty_folder_is_filled_and_stays_the_same_folder(simple: Template, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    inode = (tmp_path / "out").stat().st_ino
    render(simple, tmp_path / "out", {})
    assert (tmp_path / "out").stat().st_ino == inode
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".handrail", "sub", "x.txt"]


def test_the_working_folder_stays_where_it_was(simple: Template, tmp_path: Path) -> None:
    here = Path.cwd()
    render(simple, tmp_path / "out", {})
    assert Path.cwd() == here


def test_a_relative_destination(simple: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert render(simple, Path("../there"), {}).destination == tmp_path / "there"
    assert render(simple, Path(), {}).destination == tmp_path / "here"


@pytest.mark.parametrize("taken", ["full", "file", "dangling", "link"])
def test_what_is_there_is_never_overwritten(
    taken: str, simple: Template, tmp_path: Path, tree_of: Tree
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    before = tree_of()
    with pytest.raises(TemplateError) as caught:
        render(simple, tmp_path / taken, {})
    assert str(tmp_path / taken) in caught.value.message
    assert tree_of() == before
    assert (tmp_path / "full" / "mine").read_text() == "mine"


@pytest.mark.parametrize(
    "answer", ["../out", "..", "/tmp/handrail-x", "a/../../b", "a\\..\\b", ".", "a/b", ""]
)
def test_no_answer_leads_out_of_the_destination(
    answer: str, simple: Template, tmp_path: Path, tree_of: Tree
) -> None:
    before = tree_of()
    with pytest.raises(TemplateError):
        render(simple, tmp_path / "made" / "out", {"name": answer})
    assert tree_of() == before


@pytest.mark.parametrize("name", ["../out", "/tmp/handrail-x", "{{ 7 * 7 }}", "a\0", "-x"])
def test_hostile_names_of_a_built_in_template(name: str, tmp_path: Path, tree_of: Tree) -> None:
    with pytest.raises(TemplateError) as caught:
        render(find("python-http-service"), tmp_path / "out", {"name": name})
    assert caught.value.question == "name"
    assert tree_of() == set()


def test_two_answers_cannot_make_a_tag_between_them(tmp_path: Path, tree_of: Tree) -> None:
    # cookiecutter renders the name of the project once more for each folder in it.
    mine = template(
        tmp_path / "mine",
        {"a": "x", "b": "y"},
        {"{{cookiecutter.a}}{{cookiecutter.b}}/sub/file": "content"},
    )
    before = tree_of()
    with pytest.raises(TemplateError, match="would become"):
        render(mine, tmp_path / "out", {"a": "{", "b": "{7*7}"})
    assert tree_of() == before


def test_an_answer_with_braces_is_text(simple: Template, tmp_path: Path) -> None:
    render(simple, tmp_path / "out", {"text": "a { b } % c"})
    assert (tmp_path / "out/x.txt").read_text() == "a { b } % c\n"


@pytest.mark.parametrize(
    "files",
    [
        {"{{cookiecutter.name}}/{{cookiecutter.up}}/file": "x"},
        {"{{cookiecutter.name}}/sub/{{cookiecutter.up}}{{cookiecutter.slash}}file": "x"},
        {"{{cookiecutter.name}}/{{cookiecutter.slash}}etc{{cookiecutter.slash}}x": "x"},
        {"{{cookiecutter.up}}/file": "x"},
    ],
)
def test_a_template_whose_names_lead_out_is_refused(
    files: dict[str, str], tmp_path: Path, tree_of: Tree
) -> None:
    mine = template(tmp_path / "mine", {"name": "x", "up": "..", "slash": "/"}, files)
    before = tree_of()
    with pytest.raises(TemplateError):
        render(mine, tmp_path / "out", {})
    assert tree_of() == before


def test_a_name_may_render_to_several_folders_within(tmp_path: Path) -> None:
    mine = template(
        tmp_path / "mine",
        {"name": "x", "package": "org/example"},
        {"{{cookiecutter.name}}/{{cookiecutter.package}}/f": "1"},
    )
    assert "org/example/f" in render(mine, tmp_path / "out", {}).files


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "/etc"])
def test_a_link_that_leads_out_of_the_template_is_refused(
    target: str, simple: Template, tmp_path: Path, tree_of: Tree
) -> None:
    (tmp_path.parent / "outside").write_text("secret")
    (simple.path / "{{cookiecutter.name}}" / "link").symlink_to(target)
    before = tree_of()
    with pytest.raises(TemplateError, match="link"):
        render(simple, tmp_path / "out", {})
    assert tree_of() == before


def test_a_pipe_in_a_template_is_refused(simple: Template, tmp_path: Path) -> None:
    os.mkfifo(simple.path / "{{cookiecutter.name}}" / "pipe")
    with pytest.raises(TemplateError, match="neither file nor folder"):
        render(simple, tmp_path / "out", {})


@pytest.mark.parametrize(
    "content", ["{{ cookiecutter.nothing }}", "{% if %}", "{{ 1 / 0 }}", "{% include 'no' %}"]
)
def test_a_render_that_fails_leaves_nothing_behind(
    content: str, simple: Template, tmp_path: Path, tree_of: Tree
) -> None:
    (simple.path / "{{cookiecutter.name}}" / "sub" / "zz").write_text(content)
    before = tree_of()
    with pytest.raises(TemplateError):
        render(simple, tmp_path / "new" / "out", {})
    assert tree_of() == before
    (tmp_path / "empty").mkdir()
    with pytest.raises(TemplateError):
        render(simple, tmp_path / "empty", {})
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_template_without_a_folder_to_render(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no folder to render"):
        render(template(tmp_path / "mine", {"name": "x"}, {"plain/file": "x"}), tmp_path / "out", {})


@pytest.mark.parametrize("inside", ["out", "{{cookiecutter.name}}/out"])
def test_a_destination_inside_the_template(
    inside: str, simple: Template, tmp_path: Path, tree_of: Tree
) -> None:
    before = tree_of()
    with pytest.raises(TemplateError, match="inside the template"):
        render(simple, simple.path / inside, {})
    assert tree_of() == before


def test_a_destination_below_a_file(simple: Template, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TemplateError):
        render(simple, tmp_path / "file" / "out", {})


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "{{ 7 * 7 }}"])
def test_a_destination_that_no_folder_can_have(name: str, simple: Template, tmp_path: Path) -> None:
    with pytest.raises(TemplateError):
        render(simple, tmp_path / name, {})


def test_hooks_run_only_when_allowed(simple: Template, tmp_path: Path, tree_of: Tree) -> None:
    (simple.path / "hooks").mkdir()
    (simple.path / "hooks" / "post_gen_project.py").write_text("open('made-by-hook', 'w').close()\n")
    before = tree_of()
    with pytest.raises(TemplateError, match=r"hooks/post_gen_project\.py"):
        render(simple, tmp_path / "out", {})
    assert tree_of() == before
    assert "made-by-hook" in render(simple, tmp_path / "out", {}, run_hooks=True).files


def test_a_hook_that_fails_leaves_nothing_behind(simple: Template, tmp_path: Path, tree_of: Tree) -> None:
    (simple.path / "hooks").mkdir()
    (simple.path / "hooks" / "post_gen_project.py").write_text("raise SystemExit(3)\n")
    before = tree_of()
    with pytest.raises(TemplateError):
        render(simple, tmp_path / "out", {}, run_hooks=True)
    assert tree_of() == before


def test_extensions_are_code_too(tmp_path: Path) -> None:
    mine = template(
        tmp_path / "mine", {"name": "x", "_extensions": ["jinja2.ext.do"]}, {"{{cookiecutter.name}}/f": "x"}
    )
    with pytest.raises(TemplateError, match=r"jinja2\.ext\.do"):
        render(mine, tmp_path / "out", {})
    assert render(mine, tmp_path / "out", {}, run_hooks=True).files == (".handrail/template.yaml", "f")


def test_what_is_not_to_be_rendered_is_copied(tmp_path: Path) -> None:
    mine = template(
        tmp_path / "mine",
        {"name": "x", "_copy_without_render": ["*.raw", "raw"]},
        {
            "{{cookiecutter.name}}/a.raw": "{{ no }}",
            "{{cookiecutter.name}}/raw/b": "{{ no }}",
            "{{cookiecutter.name}}/bytes": "\0\1",
        },
    )
    render(mine, tmp_path / "out", {})
    assert (tmp_path / "out/a.raw").read_text() == (tmp_path / "out/raw/b").read_text() == "{{ no }}"


def test_the_users_cookiecutter_settings_are_not_read(
    simple: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "rc"
    config.write_text("default_context: {text: from the user}\n")
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(config))
    (Path.home() / ".cookiecutterrc").write_text(config.read_text())
    assert render(simple, tmp_path / "out", {}).answers["text"] == "y"
