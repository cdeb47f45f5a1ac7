"""What happens when a dependency is slow or gone is decided beforehand, for each one.

## What it looks for

For each dependency that the descriptor declares (`dependsOn`, `consumesApis`) a timeout, and a retry or a
fallback. Either may be configured: Istio, Envoy, Linkerd, Dapr and other mesh policies, resilience4j, Polly,
tenacity and other libraries, settings of a client or a pool, code that calls it. Or a document tells it: a
row, a paragraph or a section that names the dependency and says how long is waited and what is done then.

All of them: it passes. Some, or only one of the two: weak. None: it fails. A shared client with timeout and
retries that names no dependency counts as weak for those that are called. Values that switch it off
(`timeout: 0`, `retries: 0`), cells such as `TBD` and sentences that ask for a timeout count for nothing.

A descriptor that lists none (`dependsOn: []`) leaves nothing to know: it does not apply. Where none is
declared at all it is unknown, since it cannot be told what should be known; `dependencies-declared` says how
to declare.

## Why it matters

Most outages come from something else that is slow. Without a timeout every thread waits for it; without a
retry one lost packet is an error; without a fallback the page is gone although only one number on it is.

## How to fix it

Write one row for each dependency: how long is waited, how often it is tried again, and what users see without
it. Then set exactly that in the client, and try it with an experiment.

## Example

    # docs/dependencies.md
    | dependency | timeout | retries | without it |
    |---|---|---|---|
    | bank-gateway | 2 s | one, with jitter | the payment is queued and sent later |
    | payments-db | 500 ms | none | 503 with Retry-After |

## Known limits

Whether the code does what the document says is not tried. Dependencies are found by their name; code that
calls one by another name is not seen.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.dependencies import Dependency, Listing, declared
from scorecards.reading.elsewhere import elsewhere
from scorecards.reading.failure import described, settings
from scorecards.reading.failure.mode import Mode
from scorecards.reading.failure.naming import Named, named
from scorecards.reading.hollow import is_placeholder
from scorecards.result import Evidence, NotCounted, Result, Status
from scorecards.start import Start, fitted

STAGE = 4
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")

_MAX = 40
_NUMBER = regex(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+", re.IGNORECASE)


class Known(NamedTuple):
    """What is known of one dependency."""

    named: Named
    timeout: Mode | None
    again: Mode | None

    @property
    def full(self) -> bool:
        """Whether both are known, for it and not only for whatever is called."""
        return all(m is not None and not m.general for m in (self.timeout, self.again))

    @property
    def lacks(self) -> str:
        """What is missing, in a few words."""
        missing = [w for w, m in (("timeout", self.timeout), ("retry or fallback", self.again)) if m is None]
        return " and no ".join(missing) or "word of its own, only of a shared client"


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Look for the timeout and the retry or fallback of each declared dependency."""
    listing = declared(service)
    if listing is None:
        return _silent(service)
    if not listing.dependencies:
        seen = Evidence(listing.path, listing.line, f"{listing.field}: []")
        return Result(Status.NOT_APPLICABLE, "The descriptor says that it depends on nothing.", (seen,))
    wanted = tuple(_wanted(listing, service))
    if not wanted and any(_is_number(d) for d in listing.dependencies):
        seen = Evidence(listing.path, listing.line, listing.field)
        message = (
            f"`{listing.path}` names what it depends on by numbers only, by which no file here would call it."
        )
        fix = f"List what {service.name} needs by name, as `dependsOn` in a `catalog-info.yaml` does."
        return Result(Status.UNKNOWN, message, (seen,), (), fix)
    if not wanted:
        seen = Evidence(listing.path, listing.line, listing.field)
        message = f"`{listing.field}` in `{listing.path}` names nothing that could be looked for."
        fix = f"Write the refs of what {service.name} needs in `{listing.path}` line {listing.line}."
        return Result(Status.FAIL, message, (seen,), (), fix)
    known, missing = _known(snapshot, service, facts, wanted)
    return _verdict(service, known, missing)


def _wanted(listing: Listing, service: Service) -> Iterator[Named]:
    seen = set()
    for dependency in listing.dependencies[:_MAX]:
        one = None if is_placeholder(dependency.written) or _is_number(dependency) else named(dependency)
        if one is not None and dependency.ref != service.ref and dependency.ref not in seen:
            seen.add(dependency.ref)
            yield one


def _is_number(dependency: Dependency) -> bool:
    """Whether a dependency is named by an id that nobody would write elsewhere."""
    return dependency.ref is not None and _NUMBER.fullmatch(dependency.ref.name) is not None


def _silent(service: Service) -> Result:
    if service.document is None:
        message = "No descriptor says what the service depends on, so what should be known cannot be told."
        path = service.file("catalog-info.yaml")
        fix = f"Add `{path}` with a Component that lists `dependsOn`, then say of each how it fails."
        return Result(Status.UNKNOWN, message, (), (), fix)
    path, line = service.document.path, service.document.line_of("spec")
    message = f"`{path}` does not say what {service.name} depends on, so what should be known cannot be told."
    fix = f"List `dependsOn` below `spec` in `{path}`, then say of each dependency how it fails."
    return Result(Status.UNKNOWN, message, (Evidence(path, line, "no dependencies named"),), (), fix)


def _known(
    snapshot: Snapshot, service: Service, facts: Facts, wanted: tuple[Named, ...]
) -> tuple[tuple[Known, ...], str]:
    """What is known of each, and the repository that was named and is not at hand."""
    found: dict[tuple[int, str], Mode] = {}
    general: dict[str, Mode] = {}
    missing = ""

    def take(one: Named | None, mode: Mode) -> None:
        if one is None:
            general.setdefault(mode.what, mode)
        else:
            found.setdefault((id(one), mode.what), mode)

    for one, mode in settings.modes(snapshot, service, wanted):
        take(one, mode)
    for told, mode in described.modes(snapshot, service, wanted):
        take(told, mode)
    for place in elsewhere(service, facts):
        if place.snapshot is None:
            missing = missing or place.repository
            continue
        other = Service(service.ref, service.type)
        for there in (settings.modes, described.modes):
            for one, mode in there(place.snapshot, other, wanted):
                if one is not None and place.holds(mode.path):
                    take(one, mode._replace(path=place.shown(mode.path)))
    both = len(general) == 2
    known = []
    for one in wanted:
        called = one.dependency.ref is not None and one.dependency.ref.kind != "resource"
        spare = general if both and called else {}
        timeout = found.get((id(one), "timeout")) or spare.get("timeout")
        again = found.get((id(one), "retry or fallback")) or spare.get("retry or fallback")
        known.append(Known(one, timeout, again))
    return tuple(known), missing


def _verdict(service: Service, known: tuple[Known, ...], missing: str) -> Result:
    proof = [
        Evidence(m.path, m.line, f"{k.named.shown}: {m.text}")
        for k in known
        for m in (k.timeout, k.again)
        if m
    ]
    lacking = [k for k in known if not k.full]
    skipped = tuple(
        NotCounted(k.named.dependency.path, f"`{k.named.shown}` has no {k.lacks}", k.named.dependency.line)
        for k in lacking
    )[:20]
    if not lacking:
        what = "its one dependency" if len(known) == 1 else f"each of its {len(known)} dependencies"
        return Result(
            Status.PASS, f"How long is waited, and what is done then, is known of {what}.", tuple(proof[:20])
        )
    first = lacking[0]
    fix = _fix(service, first)
    if proof:
        count = f"Both are known of {len(known) - len(lacking)} of {len(known)} dependencies"
        message = f"{count}: `{first.named.shown}` has no {first.lacks}."
        return Result(Status.PARTIAL, message, tuple(proof[:20]), skipped, fix)
    if missing:
        message = f"How they fail may stand in `{missing}`, which is not at hand."
        where = first.named.dependency
        return Result(
            Status.UNKNOWN, message, (Evidence(where.path, where.line, first.named.shown),), skipped, fix
        )
    what = (
        f"`{first.named.shown}`"
        if len(known) == 1
        else f"any of {len(known)} dependencies, such as `{first.named.shown}`"
    )
    message = f"Nothing says how long is waited for {what}, or what is done then."
    return Result(Status.FAIL, message, (), skipped, fix)


def _fix(service: Service, lacking: Known) -> str:
    name = lacking.named.shown
    if lacking.timeout and not lacking.timeout.general:
        return (
            f"Say what is done when `{name}` does not answer, beside its timeout in `{lacking.timeout.path}`:"
            " try again, or go on without."
        )
    if lacking.again and not lacking.again.general:
        return (
            f"Set how long is waited for `{name}`, beside `{lacking.again.text}` in `{lacking.again.path}`."
        )
    path = service.file("docs/dependencies.md")
    return (
        f"Add a row for `{name}` to a table in `{path}`: how long is waited, how often it is tried again, and"
        " what users see without it. Set the same in the client."
    )


_START = """\
# Dependencies of @name@

TODO: for each one how long is waited, how often it is tried again, and what users see without it. Then set
the same in the client.

| dependency | timeout | retries | without it |
|---|---|---|---|
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A table with a row for each declared dependency, where no document has one."""
    listing = declared(service)
    path = service.file("docs/dependencies.md")
    if listing is None or not listing.dependencies or result.evidence or path in snapshot:
        return None
    names = [one.shown for one in _wanted(listing, service)]
    rows = "".join(f"| {name} | TBD | TBD | TBD |\n" for name in names)
    fill = ("each row: timeout, retries, and what users see without it", "the same in the client")
    return Start(path, fitted(_START, service) + rows, fill)
