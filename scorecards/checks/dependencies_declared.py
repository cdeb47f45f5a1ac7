"""What the service needs to work is written where the catalog reads it.

## What it looks for

`dependsOn` or `consumesApis` in the descriptor, each leading to an entity that the catalog knows or that the
repository itself declares. Without a catalog a well-formed ref is enough. An explicit empty list says that
there are none. Where some lead nowhere it is `partial`, where all do it fails; a descriptor that says nothing
of dependencies leaves it `unknown`, for a service may well have none.

## Why it matters

When something breaks, the first question is what else does. Whoever changes or switches off a service looks
there for whom it concerns.

## How to fix it

List what the service calls and stores in, by ref: `component:`, `api:` or `resource:`. If there is nothing,
write `dependsOn: []`.

## Example

    # catalog-info.yaml
    apiVersion: backstage.io/v1alpha1
    kind: Component
    metadata:
      name: payments
    spec:
      type: service
      lifecycle: production
      owner: group:default/payments
      dependsOn:
        - resource:default/payments-db
      consumesApis:
        - bank-gateway

## Known limits

Whether the list is complete is not checked: what the code calls is not compared with it.
"""

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.dependencies import Dependency, Listing, declared
from scorecards.reading.hollow import is_placeholder
from scorecards.reading.paths import paths
from scorecards.result import Evidence, NotCounted, Result, Status
from scorecards.start import Start, descriptor

STAGE = 3
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")
EFFORT = 1

_DESCRIPTORS = ("catalog-info.yaml", "catalog-info.yml")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Hold each dependency that the descriptor lists against what the catalog knows."""
    listing = declared(service)
    if listing is None:
        return _silent(service)
    if not listing.dependencies:
        seen = Evidence(listing.path, listing.line, f"{listing.field}: []")
        return Result(Status.PASS, "The descriptor says that it depends on nothing.", (seen,))
    led = [(d, _why_nowhere(d, snapshot, service, facts)) for d in listing.dependencies]
    evidence = tuple(Evidence(d.path, d.line, f"{d.field}: {d.shown}") for d, why in led if not why)[:20]
    skipped = tuple(NotCounted(d.path, f"`{d.shown}` {why}", d.line) for d, why in led if why)[:20]
    known = "" if facts.refs is None else ", all known"
    if not skipped:
        count = len(led)
        what = "one dependency" if count == 1 else f"{count} dependencies"
        return Result(Status.PASS, f"The descriptor names {what}{known}.", evidence)
    fix = _fix(led, listing)
    if evidence:
        lost = len([1 for _, why in led if why])
        message = f"{lost} of {len(led)} dependencies lead nowhere, such as {skipped[0].why}."
        return Result(Status.PARTIAL, message, evidence, skipped, fix)
    message = f"All dependencies of `{listing.path}` lead nowhere: {skipped[0].why}."
    return Result(Status.FAIL, message, (), skipped, fix)


def _silent(service: Service) -> Result:
    if service.document is None:
        message = "No descriptor says what the service depends on."
        path = service.file("catalog-info.yaml")
        fix = f"Add `{path}` with a Component that lists `dependsOn`, or `dependsOn: []` if there is nothing."
        return Result(Status.UNKNOWN, message, (), (), fix)
    path, line = service.document.path, service.document.line_of("spec")
    message = f"`{path}` does not say what {service.name} depends on."
    fix = f"Add `dependsOn` below `spec` in `{path}`, or `dependsOn: []` if there is nothing."
    return Result(Status.UNKNOWN, message, (Evidence(path, line, "no dependencies named"),), (), fix)


def _why_nowhere(dependency: Dependency, snapshot: Snapshot, service: Service, facts: Facts) -> str:
    """Why a dependency leads nowhere, "" where it leads somewhere."""
    if is_placeholder(dependency.written):
        return "is a placeholder"
    if dependency.ref is None:
        return "is no ref of an entity"
    if dependency.ref == service.ref:
        return "is the service itself"
    ref = str(dependency.ref)
    if facts.resolves(ref) is not False or ref in snapshot.derive(_declared_here):
        return ""
    return "is not in the catalog"


def _declared_here(snapshot: Snapshot) -> frozenset[str]:
    """Refs of the entities in the repository's descriptors; those are parsed already."""
    found = set()
    for path in paths(snapshot).named(*_DESCRIPTORS):
        for document in snapshot.parsed(path).documents:
            kind, name = document.get("kind"), document.get("metadata", "name")
            namespace = document.get("metadata", "namespace") or "default"
            if isinstance(kind, str) and isinstance(name, str) and isinstance(namespace, str):
                found.add(str(Ref(kind, namespace, name)))
    return frozenset(found)


def _fix(led: list[tuple[Dependency, str]], listing: Listing) -> str:
    lost = [d for d, why in led if why]
    where = f"`{listing.path}` line {lost[0].line}"
    if lost[0].ref is None or is_placeholder(lost[0].written):
        return f"Write the ref of what is meant in {where}, as `component:default/payments`, or take it out."
    return f"Describe {lost[0].ref} in the catalog, or correct the name in {where}."


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A descriptor, where there is none."""
    return descriptor(snapshot, service)
