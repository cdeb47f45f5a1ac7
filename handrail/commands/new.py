"""`handrail new`: a service that has the practices from its first commit."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

import handrail
from handrail import options
from handrail.errors import Stop

if TYPE_CHECKING:
    from templates.gallery import Question, Template

EPILOG = """\b
Examples:
  handrail new                                     which templates there are
  handrail new python-http-service ../quotes       asks, then makes ../quotes
  handrail new python-http-service ../quotes --defaults --set owner=group:payments
  handrail new ./our-template ../quotes            any cookiecutter template in a folder

An answer is text: it is never taken for a template. Nothing is written outside DEST, an existing folder is
left alone, and a template that fails leaves nothing behind.
"""


@click.command("new", epilog=EPILOG)
@click.argument("template", required=False)
@click.argument("dest", required=False, type=click.Path(path_type=Path))
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Answer a question beforehand.")
@click.option("--defaults", is_flag=True, help="Ask nothing; take the default of what --set does not answer.")
@options.output_format()
def command(
    template: str | None, dest: Path | None, given: tuple[str, ...], defaults: bool, format_: str
) -> int:
    """Scaffold a service from a golden path, commit it, and show its scorecard.

    TEMPLATE is the name of a built-in one or the folder of a cookiecutter template; DEST the folder to make,
    else one named after the service.
    """
    from templates.errors import TemplateError

    try:
        if template is None:
            _offer(format_)
            return 0
        return _make(template, dest, given, defaults, format_)
    except TemplateError as error:
        question = f"--set {error.question}: " if error.question and defaults else ""
        raise Stop(f"{question}{error.message}", error.hint) from error


def _offer(format_: str) -> None:
    from templates.gallery import built_in

    found = built_in()
    if format_ == "json":
        rows = [
            {
                "name": t.name,
                "title": t.title,
                "description": t.description,
                "questions": [
                    {"name": q.name, "prompt": q.prompt, "default": q.default} for q in t.questions
                ],
            }
            for t in found
        ]
        click.echo(json.dumps({"schema": 1, "templates": rows}, indent=2))
        return
    for each in found:
        click.echo(f"{each.name}\n  {each.description}.\n  Asks: {', '.join(q.name for q in each.questions)}")
    click.echo(f"\nMake one with: handrail new {found[0].name} FOLDER")


def _make(name: str, dest: Path | None, given: Iterable[str], defaults: bool, format_: str) -> int:
    from templates.gallery import find
    from templates.render import render
    from templates.repository import first_commit, identity

    chosen = find(name)
    answers = _given(chosen, given)
    if dest is not None and "name" not in answers and any(q.name == "name" for q in chosen.questions):
        _name_after(chosen, dest, answers)
    _ask(chosen, answers, ask=not defaults and sys.stdin.isatty())
    if dest is None:
        dest = Path(answers.get("name") or chosen.name)
    rendered = render(chosen, dest, answers)
    commit = first_commit(
        rendered.destination, f"Begin from {chosen.title}\n\nMade by handrail new {chosen.name}."
    )
    if not identity().configured:
        click.echo(
            "git knows no name of yours, so the commit is by Handrail: git config user.name NAME", err=True
        )
    _tell(rendered.destination, len(rendered.files), commit, format_)
    return 0


def _given(template: "Template", given: Iterable[str]) -> dict[str, str]:
    from templates.answers import check

    answers = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals:
            raise Stop(f"--set {pair}: there is no `=` in it.", "Write it as --set KEY=VALUE.")
        check(template, key, value)
        answers[key] = value
    return answers


def _name_after(template: "Template", dest: Path, answers: dict[str, str]) -> None:
    """Take the folder's name as the service's, where it can be one."""
    from catalog.ref import slug
    from templates.answers import check
    from templates.errors import TemplateError

    name = slug(dest.resolve().name)
    try:
        check(template, "name", name)
    except TemplateError:
        return
    answers["name"] = name


def _ask(template: "Template", answers: dict[str, str], *, ask: bool) -> None:
    from templates.answers import default_for

    if not ask:
        return
    for question in template.questions:
        if question.name not in answers:
            answers[question.name] = _prompt(
                template, question, default_for(template, question.name, answers)
            )


def _prompt(template: "Template", question: "Question", default: str) -> str:
    from templates.answers import check
    from templates.errors import TemplateError

    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    while True:
        answer = click.prompt(f"{question.prompt}{choices}", default=default, err=True)
        try:
            check(template, question.name, answer)
        except TemplateError as error:
            click.echo(str(error), err=True)
            continue
        return str(answer)


def _tell(destination: Path, files: int, commit: str, format_: str) -> None:
    from datetime import UTC, datetime

    from catalog.trees.folder import folder_snapshot
    from handrail.judging import find_scorecard
    from scorecards.assessment import assess
    from scorecards.facts import Facts
    from templates.gallery import newest_versions

    card = find_scorecard("reliability")
    day = datetime.now(UTC).date()
    facts = Facts(day, templates=newest_versions())
    assessment = assess(folder_snapshot(destination), facts, (card,))
    click.echo(f"Made {destination}: {files} files, first commit {commit[:10]}.", err=True)
    if format_ == "json":
        from scorecards.report import check_report
        from scorecards.rules import rules

        report = check_report(
            assessment.services,
            assessment.problems,
            handrail=handrail.__version__,
            rules=rules((card,)),
            as_of=day,
            commit=commit,
        )
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    from handrail.scorecard_text import write_assessment

    write_assessment(assessment)
    click.echo(f"\nNext: cd {destination}, and read its README.md.", err=True)
