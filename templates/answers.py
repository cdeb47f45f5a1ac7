"""Answers to a template's questions: checked, completed, and never taken for templates themselves.

cookiecutter renders an answer that it is given, as though the template's author had written it, and renders
the path of the project a second time for every folder in it. So no answer may hold what opens a Jinja tag.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from cookiecutter.exceptions import CookiecutterException
from cookiecutter.prompt import render_variable
from cookiecutter.utils import create_env_with_context
from jinja2 import Environment

from templates.errors import TemplateError
from templates.gallery import Question, Template, read_context

MAX_ANSWER = 4_000
# Windows gives these names to devices, whatever the extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_YES = frozenset({"1", "true", "t", "yes", "y", "on"})
_NO = frozenset({"0", "false", "f", "no", "n", "off"})


def check(template: Template, key: str, answer: str) -> Any:
    """Return the value that an answer stands for: text, a yes or no as bool, a dictionary from JSON.

    Raises TemplateError, with the question, if the template does not ask it or would not take the answer.
    """
    question = template.question(key)
    _check_text(question, answer)
    if question.kind == "choice":
        if answer not in question.choices and not any("{" in choice for choice in question.choices):
            raise _refused(question, answer, f"one of {', '.join(question.choices)}")
    elif question.kind == "yes-no":
        if answer.strip().lower() not in _YES | _NO:
            raise _refused(question, answer, "yes or no")
        return answer.strip().lower() in _YES
    elif question.kind == "dictionary":
        return _dictionary(question, answer)
    rule = question.rule
    if rule and not re.fullmatch(rule.pattern, answer):
        raise _refused(question, answer, rule.means)
    if rule and _DEVICES.fullmatch(answer):
        raise _refused(question, answer, f"{rule.means}, and no name of a device on Windows")
    return answer


def default_for(template: Template, key: str, given: Mapping[str, str]) -> str:
    """Return the default that a question comes to after the answers given so far."""
    question = template.question(key)
    before = [each.name for each in template.questions]
    known = {each: given[each] for each in before[: before.index(key)] if each in given}
    value = complete(template, known)[key]
    if question.kind == "yes-no":
        return "yes" if value else "no"
    return json.dumps(value) if question.kind == "dictionary" else str(value)


def complete(template: Template, answers: Mapping[str, str]) -> dict[str, Any]:
    """Return cookiecutter's context: every variable of the template, the answers taken as they are.

    Only the defaults that nobody answered are rendered. Raises TemplateError.
    """
    for key, answer in answers.items():
        check(template, key, answer)
    raw_context = read_context(template.path)
    raw_context.pop("__prompts__", None)
    env = environment(raw_context)
    _refuse_tags(env, answers)
    context: dict[str, Any] = {}
    # As in cookiecutter, dictionaries come last, because their keys and values may use all the others.
    for key in sorted(raw_context, key=lambda key: _is_dictionary(key, raw_context[key])):
        raw = raw_context[key]
        if key.startswith("_") and not key.startswith("__"):
            context[key] = raw
        else:
            context[key] = _value(template, key, raw, answers, env, context)
    return {key: context[key] for key in raw_context}


def environment(context: Mapping[str, Any]) -> Environment:
    """Return the Jinja environment that cookiecutter makes for a context."""
    try:
        env: Environment = create_env_with_context({"cookiecutter": dict(context)})
    except (CookiecutterException, TypeError, AssertionError, ValueError) as error:
        raise TemplateError(f"The template's Jinja settings cannot be used: {error}.") from error
    return env


def tags(env: Environment) -> tuple[str, ...]:
    """Return what opens or closes a Jinja tag in an environment."""
    return (
        env.variable_start_string,
        env.variable_end_string,
        env.block_start_string,
        env.block_end_string,
        env.comment_start_string,
        env.comment_end_string,
    )


def _value(
    template: Template,
    key: str,
    raw: Any,
    answers: Mapping[str, str],
    env: Environment,
    context: Mapping[str, Any],
) -> Any:
    try:
        if key in answers and not isinstance(raw, list):
            return check(template, key, answers[key])
        rendered = render_variable(env, raw, dict(context))
    except TemplateError:
        raise
    except Exception as error:  # a template's expressions are code, which may raise anything
        raise TemplateError(f"The default of {key!r} cannot be rendered: {error}.", question=key) from error
    if not isinstance(raw, list) or key.startswith("_"):
        return rendered
    if key in answers and answers[key] not in rendered:
        raise _refused(template.question(key), answers[key], f"one of {', '.join(map(str, rendered))}")
    return answers.get(key, rendered[0])


def _is_dictionary(key: str, raw: Any) -> bool:
    return isinstance(raw, dict) and not key.startswith("_")


def _check_text(question: Question, answer: str) -> None:
    if len(answer) > MAX_ANSWER:
        raise TemplateError(
            f"The answer to {question.name!r} has {len(answer)} characters.",
            f"At most {MAX_ANSWER} are taken.",
            question.name,
        )
    # Cc: line ends, NUL and escape sequences; Cs: half a character, which no file can hold.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in answer):
        raise TemplateError(
            f"The answer to {question.name!r} holds a control character.",
            "Answer in one line of text.",
            question.name,
        )


def _refuse_tags(env: Environment, answers: Mapping[str, str]) -> None:
    for key, answer in answers.items():
        found = next((tag for tag in tags(env) if tag in answer), None)
        if found:
            raise TemplateError(
                f"The answer to {key!r} holds {found!r}, which this template would take for code.",
                "An answer is text; leave it out.",
                key,
            )


def _dictionary(question: Question, answer: str) -> dict[str, Any]:
    try:
        value = json.loads(answer)
    except (json.JSONDecodeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _refused(question, answer, "a JSON object")
    return value


def _refused(question: Question, answer: str, expected: str) -> TemplateError:
    shown = answer if len(answer) <= 80 else answer[:77] + "..."
    return TemplateError(f"{question.name!r} cannot be {shown!r}.", f"It must be {expected}.", question.name)
