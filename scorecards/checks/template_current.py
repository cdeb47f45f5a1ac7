"""What the golden path learns after the service was made reaches the service too.

## What it looks for

The record that `handrail new` leaves, `.handrail/template.yaml`, naming the golden path and its newest
version; or a reason written there for staying off it (`off`, with a `reason`). A service behind the newest
version is `partial`. One that came from no golden path is not concerned.

Records of other scaffolders (cruft, copier, a Backstage template) name a template that is not at hand, so
they leave it `unknown`.

## Why it matters

A template is improved where something went wrong. A service that was made from it last year has the old
probes, the old pipeline and the old mistakes, and nobody sees it.

## How to fix it

Run `handrail update` and commit what it brings. If the service is to go its own way, write why.

## Example

    # .handrail/template.yaml
    schema: 1
    template:
      name: python-http-service
      version: "1"
      off:
        reason: Serves gRPC since March; probes and pipeline are kept up by hand.

## Known limits

What was changed by hand since is not compared with the template. Only golden paths that have a version can
be behind.
"""

from catalog.document import Document, Map
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.hollow import is_placeholder, is_real
from scorecards.reading.objective import text_of
from scorecards.result import Evidence, NotCounted, Result, Status

STAGE = 5
REQUIRED = False
EXCEPT: tuple[str, ...] = ("library", "infrastructure-module", "tool", "documentation")
EFFORT = 1

RECORD = ".handrail/template.yaml"
_OTHERS = (
    (".cruft.json", "cruft", ("template",)),
    (".copier-answers.yml", "copier", ("_src_path",)),
    (".copier-answers.yaml", "copier", ("_src_path",)),
)
_SCAFFOLDED = "backstage.io/source-template"
_NUMBERS = regex(r"\d{1,9}")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Compare the recorded version of the golden path with the newest one."""
    path = _first(snapshot, service, RECORD)
    if path is None:
        return _other(snapshot, service)
    documents = snapshot.parsed(path).documents
    document = documents[0] if documents else None
    template = document.get("template") if document else None
    name = text_of(template.get("name")) if isinstance(template, Map) else ""
    if document is None or not isinstance(template, Map) or not name:
        why = snapshot.problems.get(path, "it names no template")
        message = f"`{path}` does not tell which golden path the service came from: {why}."
        fix = f"Restore `template.name` and `template.version` in `{path}`."
        return Result(Status.UNKNOWN, message, (Evidence(path, None, why),), (), fix)
    return _judge(document, name, text_of(template.get("version")), facts)


def _judge(document: Document, name: str, version: str, facts: Facts) -> Result:
    path, line = document.path, document.line_of("template", "version")
    seen = Evidence(path, line, f"{name[:80]} {version[:40]}".strip())
    newest = facts.newest_version(name)
    if newest is not None and version == newest:
        return Result(Status.PASS, f"From {name[:80]} at its newest version, {newest}.", (seen,))
    reason, where = _reason(document)
    skipped: tuple[NotCounted, ...] = ()
    if reason and is_real(reason) and not is_placeholder(reason):
        message = f"Deliberately off {name[:80]}: {reason[:160]}"
        return Result(Status.PASS, message, (Evidence(path, where, f"off: {reason[:120]}"),))
    if where:
        skipped = (NotCounted(path, "`off` gives no reason", where),)
    off = f"or say in `{path}` under `template.off.reason` why it goes its own way."
    if newest is None:
        message = f"From {name[:80]}, whose newest version is not known here."
        return Result(
            Status.UNKNOWN, message, (seen,), skipped, f"Add the template {name[:80]} to Handrail, {off}"
        )
    if _ahead(version, newest):
        message = f"From {name[:80]} {version[:40]}, newer than the newest known here, {newest}."
        return Result(Status.UNKNOWN, message, (seen,), skipped, "Use the newest Handrail.")
    had = f"version {version[:40]}" if version else "a version that is not recorded"
    message = f"From {name[:80]}, {had}; the newest is {newest}."
    return Result(
        Status.PARTIAL, message, (seen,), skipped, f"Run `handrail update` to bring {newest} in, {off}"
    )


def _reason(document: Document) -> tuple[str, int | None]:
    """Why the service stays off its golden path, and the line; None where nothing says so."""
    off = document.get("template", "off")
    if off is None or off is False:
        return "", None
    reason = off.get("reason") if isinstance(off, Map) else off
    return text_of(reason).strip() if reason is not True else "", document.line_of(
        "template", "off", "reason"
    )


def _ahead(version: str, newest: str) -> bool:
    """Whether a version is later than the newest known, as far as their numbers tell."""
    one, other = ([int(n) for n in _NUMBERS.findall(v[:60])] for v in (version, newest))
    return bool(one and other) and one > other


def _other(snapshot: Snapshot, service: Service) -> Result:
    for name, tool, keys in _OTHERS:
        path = _first(snapshot, service, name)
        documents = snapshot.parsed(path).documents if path else ()
        source = text_of(documents[0].get(*keys)) if documents else ""
        if path and source:
            seen = Evidence(path, documents[0].line_of(*keys), f"{tool}: {source[:120]}")
            return _not_at_hand(source, tool, seen)
    source = service.annotations.get(_SCAFFOLDED, "")
    if source and service.document is not None:
        line = service.document.line_of("metadata", "annotations", _SCAFFOLDED)
        return _not_at_hand(source, "Backstage", Evidence(service.document.path, line, source[:120]))
    return Result(Status.NOT_APPLICABLE, "It came from no golden path that is recorded.")


def _not_at_hand(source: str, tool: str, seen: Evidence) -> Result:
    message = f"Made with {tool} from {source[:120]}, which is not at hand."
    return Result(Status.UNKNOWN, message, (seen,), (), f"Update it with {tool}; Handrail cannot tell.")


def _first(snapshot: Snapshot, service: Service, name: str) -> str | None:
    """The file in the service's own folder, else at the root where the service is alone."""
    own = service.file(name)
    if own in snapshot:
        return own
    return name if service.alone and name in snapshot else None
