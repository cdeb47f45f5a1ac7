"""What the service is, how far along it is and how to run it is written down.

## What it looks for

Two things. A descriptor (`catalog-info.yaml` or another format that is read) with a description and a
lifecycle. And a README in the service's folder that says what the service is and how to run it: a first
sentence of its own, and a command, a section on running or using it, or a link to a document in the
repository that has these. One of the two is `partial`.

A README that is still what a generator wrote (Create React App, Next.js, Backstage, GitLab, Rails and
others), only a heading, or a description that repeats the name, says nothing.

## Why it matters

Whoever is called at night, joins the team or depends on the service reads this first. A lifecycle tells
whether it may be relied on, or is an experiment.

## How to fix it

Add `metadata.description` and `spec.lifecycle` to the descriptor. Begin the README with one paragraph on what
the service does and for whom, then the commands that start it.

## Example

    # catalog-info.yaml
    apiVersion: backstage.io/v1alpha1
    kind: Component
    metadata:
      name: payments
      description: Takes card payments for the shop and settles them with the bank
    spec:
      type: service
      lifecycle: production
      owner: group:default/payments

    # README.md
    # payments

    Takes card payments for the shop and settles them with the bank every night.

    ## Run it

        make run

## Known limits

Whether the description is true, and the commands work, is not checked.
"""

from catalog.document import Document
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.hollow import is_filler, is_placeholder
from scorecards.reading.readme import Readme, readme_of, says_something
from scorecards.result import Evidence, NotCounted, Result, Status
from scorecards.start import Start, descriptor, fitted

STAGE = 2
REQUIRED = True
EXCEPT: tuple[str, ...] = ()
EFFORT = 1

_DESCRIPTION = (
    ("metadata", "description"),
    ("service", "description"),
    ("component", "description"),
    ("info", "description"),
    ("description",),
)
_LIFECYCLE = (
    ("spec", "lifecycle"),
    ("service", "lifecycle"),
    ("component", "lifecycle"),
    ("fields", "lifecycle"),
    ("info", "x-cortex-lifecycle"),
    ("lifecycle",),
)
_NO_LIFECYCLE = frozenset(("unknown", "lifecycle", "tbd", "none", "undefined"))


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge descriptor and README, each by what it says."""
    evidence: list[Evidence] = []
    skipped: list[NotCounted] = []
    lacks: list[str] = []
    declared = _descriptor(service, evidence, skipped, lacks)
    readme = readme_of(snapshot, service)
    read = _readme(readme, evidence, skipped, lacks)
    if declared == 2 and read == 2:
        return Result(Status.PASS, "Descriptor and README say what it is and how to run it.", tuple(evidence))
    fix = _fix(snapshot, service, readme, lacks)
    lacking = ", ".join(lacks)
    if declared or read:
        seen = " and ".join(dict.fromkeys(f"`{e.path}`" for e in evidence))
        return Result(
            Status.PARTIAL,
            f"{seen} says part of it; lacking: {lacking}.",
            tuple(evidence),
            tuple(skipped),
            fix,
        )
    return Result(Status.FAIL, f"Nothing says what this is; lacking: {lacking}.", (), tuple(skipped), fix)


def _descriptor(
    service: Service, evidence: list[Evidence], skipped: list[NotCounted], lacks: list[str]
) -> int:
    """How many of description and lifecycle the descriptor really has."""
    document = service.document
    if document is None:
        lacks.append("a descriptor with description and lifecycle")
        return 0
    description, lifecycle = (service.description or "").strip(), (service.lifecycle or "").strip()
    line = _line(document, _DESCRIPTION)
    found = 0
    if description and says_something(description, f"{service.name} {service.title or ''}", 1):
        path = document.path_of("metadata", "description")
        evidence.append(Evidence(path, line, f"description: {description[:120]}"))
        found += 1
    else:
        if description:
            skipped.append(
                NotCounted(document.path, f"the description “{description[:60]}” says nothing", line)
            )
        lacks.append(f"a description in `{document.path}`")
    line = _line(document, _LIFECYCLE)
    if (
        lifecycle
        and not is_filler(lifecycle)
        and not is_placeholder(lifecycle)
        and lifecycle.lower() not in _NO_LIFECYCLE
    ):
        path = document.path_of("spec", "lifecycle")
        evidence.append(Evidence(path, line, f"lifecycle: {lifecycle[:60]}"))
        found += 1
    else:
        lacks.append(f"a lifecycle in `{document.path}`")
    return found


def _line(document: Document, ways: tuple[tuple[str, ...], ...]) -> int:
    for keys in ways:
        if document.get(*keys) is not None:
            return document.line_of(*keys)
    return document.line


def _readme(
    readme: Readme | None, evidence: list[Evidence], skipped: list[NotCounted], lacks: list[str]
) -> int:
    """How many of what it is and how to run it the README says."""
    if readme is None:
        lacks.append("a README")
        return 0
    if readme.starter:
        skipped.append(NotCounted(readme.path, f"still the text that {readme.starter} comes with", 1))
        lacks.append(f"a `{readme.path}` of its own")
        return 0
    found = 0
    if readme.what is None:
        lacks.append(f"what it is in `{readme.path}`")
    else:
        evidence.append(Evidence(readme.path, readme.what, "says what it is"))
        found += 1
    if readme.run is None:
        lacks.append(f"how to run it in `{readme.path}`")
    else:
        evidence.append(Evidence(readme.path, readme.run, f"how to run it: {readme.run_note}"))
        found += 1
    if not found:
        skipped.append(NotCounted(readme.path, "says neither what it is nor how to run it", 1))
    return found


def _fix(snapshot: Snapshot, service: Service, readme: Readme | None, lacks: list[str]) -> str:
    steps = []
    if service.document is None and service.file("catalog-info.yaml") in snapshot:
        path = service.file("catalog-info.yaml")
        steps.append(f"Mend `{path}`, which cannot be read as it is: `handrail validate` names the line.")
    elif service.document is None:
        steps.append(
            f"Add `{service.file('catalog-info.yaml')}` with `metadata.description` and `spec.lifecycle`"
            " (`experimental`, `production` or `deprecated`)."
        )
    else:
        missing = [
            w
            for w in ("description", "lifecycle")
            if any(w in lack and "descriptor" not in lack for lack in lacks)
        ]
        if missing:
            steps.append(f"Add {' and '.join(missing)} to `{service.document.path}`.")
    path = readme.path if readme else service.file("README.md")
    if readme is None or readme.starter:
        steps.append(
            f"Write in `{path}` one paragraph on what it does and for whom, and the commands that run it."
        )
    elif readme.what is None or readme.run is None:
        what = "with one paragraph on what it does and for whom" if readme.what is None else ""
        run = "the commands that run it" if readme.run is None else ""
        steps.append(f"Begin `{path}` {what}." if what else f"Add {run} to `{path}`.")
        if what and run:
            steps.append(f"Then give {run}.")
    return " ".join(steps)


_README = """\
# @name@

TODO: one paragraph on what it does, for whom, and what users notice when it is down

## Run it

TODO: the commands that start it on a developer's machine
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A descriptor, else a README, whichever lacks."""
    missing = descriptor(snapshot, service)
    if missing is not None or readme_of(snapshot, service) is not None:
        return missing
    fill = ("what it does, and for whom", "the commands that run it")
    return Start(service.file("README.md"), fitted(_README, service), fill)
