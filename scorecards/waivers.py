"""Waivers: checks that a repository excuses its services from, in `.handrail/waivers.yaml`.

    apiVersion: handrail.dev/v1
    kind: Waivers
    waivers:
      - check: chaos-test-exists
        service: payments
        reason: The queue is replaced in March; experiments start on the new one.
        owner: group:default/payments
        until: 2027-03-31

Without `service` a waiver is for every service of the repository. `until` is its last day.
`scorecards/definitions/waivers.schema.json` describes the format.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from catalog.document import Document, Map
from catalog.problem import Problem
from catalog.ref import parse_ref
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import check_ids
from scorecards.reading.hollow import is_placeholder
from scorecards.scorecard import API_VERSION, DEFINITIONS, near

PATH = ".handrail/waivers.yaml"
SCHEMA = DEFINITIONS / "waivers.schema.json"
KIND = "Waivers"

_FIELDS = ("check", "service", "reason", "owner", "until")
_DATE = regex(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One check excused, for every service where `service` is None. `until` is the last day it counts."""

    check: str
    service: str | None
    reason: str
    owner: str
    until: date
    path: str
    line: int

    def covers(self, check: str, service: Service) -> bool:
        """Whether it names this check and this service, by name or by ref."""
        if check != self.check:
            return False
        if self.service is None:
            return True
        return str(parse_ref(self.service, "component")) == str(service.ref) or self.service == service.name


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers of a repository that are well formed, and what is wrong with the others."""

    waivers: tuple[Waiver, ...] = ()
    problems: tuple[Problem, ...] = ()

    def find(self, check: str, service: Service) -> Waiver | None:
        """The waiver of a check for a service, of several the one that lasts longest."""
        if not self.waivers:
            return None
        found = [w for w in self.waivers if w.covers(check, service)]
        return max(found, key=lambda w: w.until, default=None)


_NONE = Waivers()


def waivers(snapshot: Snapshot) -> Waivers:
    """The waivers of a repository; read once a snapshot."""
    return snapshot.derive(_read) if PATH in snapshot else _NONE


def _read(snapshot: Snapshot) -> Waivers:
    parsed = snapshot.parsed(PATH)
    problems = [Problem("syntax", e.message, e.path, e.line) for e in parsed.errors]
    if PATH in snapshot.problems:
        problems.append(Problem("unreadable", snapshot.problems[PATH], PATH))
    found: list[Waiver] = []
    for document in parsed.documents:
        for item in read(document):
            if isinstance(item, Waiver):
                found.append(item)
            else:
                problems.append(item)
    return Waivers(tuple(found), tuple(problems))


def validate(document: Document) -> tuple[Problem, ...]:
    """What is wrong with a document of waivers, in the order of its lines."""
    found = [item for item in read(document) if isinstance(item, Problem)]
    return tuple(sorted(found, key=lambda p: p.line or 0))


def read(document: Document) -> Iterator[Waiver | Problem]:
    """Each waiver of a document, or what is wrong with it."""

    def problem(message: str, *way: str | int) -> Problem:
        return Problem("schema", message, document.path, document.line_of(*way))

    for key, line in document.duplicates:
        yield Problem("schema", f"`{key}` is written twice.", document.path, line)
    for field, expected in (("apiVersion", API_VERSION), ("kind", KIND)):
        if document.get(field) != expected:
            yield problem(f"`{field}`: expected `{expected}`.", field)
    for field in document.mapping:
        if field not in ("apiVersion", "kind", "waivers"):
            yield problem(f"`{field}` is not known here.", field)
    entries = document.get("waivers")
    if not isinstance(entries, list):
        yield problem("`waivers`: expected a list.", "waivers")
        return
    for index, entry in enumerate(entries):
        if not isinstance(entry, Map):
            yield problem(f"`waivers[{index}]`: expected a mapping.", "waivers", index)
            continue
        wrong = [
            problem(f"`waivers[{index}].{field}`: {message}", "waivers", index, field)
            for field, message in _mistakes(entry)
        ]
        yield from wrong
        if not wrong:
            yield _waiver(entry, document, index)


def _waiver(entry: Map, document: Document, index: int) -> Waiver:
    return Waiver(
        check=entry["check"],
        service=entry.get("service"),
        reason=entry["reason"].strip(),
        owner=entry["owner"].strip(),
        until=date.fromisoformat(entry["until"]),
        path=document.path,
        line=document.line_of("waivers", index),
    )


def _mistakes(entry: Map) -> Iterator[tuple[str, str]]:
    for field in entry:
        if field not in _FIELDS:
            yield field, f"is not known.{near(field, _FIELDS)}"
    check = entry.get("check")
    if not isinstance(check, str) or check not in check_ids():
        hint = near(check, check_ids()) if isinstance(check, str) and check else ""
        yield "check", f"expected the id of a check.{hint}"
    service = entry.get("service")
    if service is not None and parse_ref(service, "component") is None:
        yield "service", "expected a service's name or ref, for example `component:default/payments`."
    for field, what in (("reason", "why the check is excused"), ("owner", "who answers for it")):
        value = entry.get(field)
        if not isinstance(value, str) or is_placeholder(value):
            yield field, f"say {what}."
    if _day(entry.get("until")) is None:
        yield "until", "expected the last day as a date, for example `2027-03-31`."


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DATE.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
