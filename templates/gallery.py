"""Which templates there are, and what each of them asks.

A template is a folder with a `cookiecutter.json`, as cookiecutter defines it. Its private variable
`_handrail` may add what cookiecutter has no word for; all of it is optional:

    "_handrail": {"title": "...", "description": "one sentence", "version": "1",
                  "rules": {"name": {"pattern": "[a-z]+", "means": "lower-case letters"}}}

Importing this module imports nothing but the standard library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from templates.errors import TemplateError

BUILT_IN = Path(__file__).resolve().parent / "cookiecutter"
MAX_CONTEXT_BYTES = 1_000_000


@dataclass(frozen=True)
class Rule:
    """What an answer must match as a whole, and the same in words."""

    pattern: str
    means: str


@dataclass(frozen=True)
class Question:
    """One thing a template asks.

    `default` is as the template writes it, so that it may hold Jinja; `templates.answers.default_for` gives
    what it comes to. A choice has `choices`, its first being the default. `kind` is text, choice, yes-no or
    dictionary.
    """

    name: str
    prompt: str
    kind: str
    default: Any
    choices: tuple[str, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True)
class Template:
    """A golden path: where it lies, what it is and what it asks."""

    name: str
    title: str
    description: str
    path: Path
    questions: tuple[Question, ...]
    version: str | None = None

    def question(self, key: str) -> Question:
        """Return the question of that name; raise TemplateError if the template does not ask it."""
        for question in self.questions:
            if question.name == key:
                return question
        known = ", ".join(question.name for question in self.questions)
        raise TemplateError(f"{self.name} does not ask for {key!r}.", f"It asks for: {known}.", key)


def built_in() -> list[Template]:
    """Return the templates that come with Handrail, by name."""
    return [load(folder) for folder in sorted(BUILT_IN.iterdir()) if (folder / "cookiecutter.json").is_file()]


@cache
def newest_versions() -> dict[str, str]:
    """The version of each built-in template that has one, by name; read once a process."""
    return {template.name: template.version for template in built_in() if template.version is not None}


def find(name_or_path: str) -> Template:
    """Return the built-in template of that name, or the template in that folder.

    A name without a separator is a built-in one first. Raises TemplateError, which lists what there is.
    """
    if re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name_or_path) and name_or_path not in {".", ".."}:
        folder = BUILT_IN / name_or_path
        if (folder / "cookiecutter.json").is_file():
            return load(folder)
    shown = name_or_path if len(name_or_path) <= 200 else name_or_path[:197] + "..."
    try:
        path = Path(name_or_path).expanduser()
        if path.is_dir():
            return load(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise TemplateError(f"The template {shown!r} cannot be read: {error}.", _offer()) from error
    raise TemplateError(f"There is no template {shown!r}.", _offer())


def load(folder: Path) -> Template:
    """Read the template in a folder; raise TemplateError if there is none or it cannot be used."""
    context = read_context(folder)
    nested = {"template", "templates"} & context.keys()
    if nested:
        inside = sorted(str(found.parent.relative_to(folder)) for found in folder.glob("*/cookiecutter.json"))
        hint = f"Name one of them: {', '.join(str(folder / name) for name in inside)}." if inside else ""
        raise TemplateError(f"{folder} is a choice of several templates.", hint)
    prompts = context.get("__prompts__")
    about = context.get("_handrail")
    about = about if isinstance(about, dict) else {}
    name = folder.resolve().name
    version = about.get("version")
    return Template(
        name=name,
        title=str(about.get("title") or name),
        description=str(about.get("description") or f"A cookiecutter template from the folder {folder}"),
        path=folder.resolve(),
        questions=tuple(
            _question(folder, key, raw, prompts if isinstance(prompts, dict) else {}, about.get("rules"))
            for key, raw in context.items()
            if not key.startswith("_")
        ),
        version=None if version is None else str(version),
    )


def read_context(folder: Path) -> dict[str, Any]:
    """Return a template's `cookiecutter.json`, private variables included, in the order of the file."""
    path = folder / "cookiecutter.json"
    try:
        if path.stat().st_size > MAX_CONTEXT_BYTES:
            raise TemplateError(f"{path} is larger than {MAX_CONTEXT_BYTES} bytes.")
        context = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TemplateError(
            f"{folder} holds no cookiecutter.json.", "Name the folder in which it lies."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} cannot be read: {error}.") from error
    except json.JSONDecodeError as error:
        raise TemplateError(f"{path}, line {error.lineno}: {error.msg}, where JSON was expected.") from error
    except RecursionError:
        raise TemplateError(f"{path} is nested too deeply.") from None
    if not isinstance(context, dict):
        raise TemplateError(f"{path} holds no JSON object.", "It should map each question to its default.")
    return context


def _question(folder: Path, key: str, raw: Any, prompts: Mapping[str, Any], rules: Any) -> Question:
    labels: dict[str, Any] = {}
    prompt = prompts.get(key)
    if isinstance(prompt, dict):  # a choice may label its options beside its own prompt
        labels = prompt
        prompt = labels.get("__prompt__")
    rule = rules.get(key) if isinstance(rules, dict) else None
    if isinstance(raw, list):
        if not raw:
            raise TemplateError(f"{folder / 'cookiecutter.json'}: the choice {key!r} offers nothing.")
        kind = "choice"
    else:
        kind = {bool: "yes-no", dict: "dictionary"}.get(type(raw), "text")
    return Question(
        name=key,
        prompt=str(prompt or key.replace("_", " ")),
        kind=kind,
        default=raw[0] if isinstance(raw, list) else raw,
        choices=tuple(str(choice) for choice in raw) if isinstance(raw, list) else (),
        rule=_rule(folder, key, rule) if isinstance(rule, dict) else None,
    )


def _rule(folder: Path, key: str, rule: Mapping[str, Any]) -> Rule:
    pattern = str(rule.get("pattern", ""))
    try:
        re.compile(pattern)
    except re.error as error:
        raise TemplateError(f"{folder / 'cookiecutter.json'}: the rule of {key!r} is {error}.") from error
    return Rule(pattern, str(rule.get("means") or f"something that matches {pattern}"))


def _offer() -> str:
    names = ", ".join(template.name for template in built_in())
    return f"Built in: {names}; or give the folder of a cookiecutter template."
