"""A team is named that answers for the service.

## What it looks for

The owner that the service's descriptor names (`spec.owner` in `catalog-info.yaml`, the owner or team of other
formats), leading to a Group or User that the catalog knows. Without a catalog, or with one that holds no
Group and no User, a well-formed owner is enough. An owner that the catalog does not know is `partial`, and so
is a `CODEOWNERS` rule that covers the service's folder and names `@org/team`, `@user` or a mail address.

`unknown`, `guests`, `owner`, an empty value and placeholders are no owner.

## Why it matters

At three in the morning the first question is whom to call. A service without an owner is repaired by nobody,
patched by nobody, and its alerts reach people who cannot act on them.

## How to fix it

Set `spec.owner` in `catalog-info.yaml` to the ref of a Group, and describe the Group in the catalog.

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

## Known limits

That the team still exists, and who belongs to it, is known only as far as the catalog tells.
"""

import re

from catalog.document import Document
from catalog.ref import Ref, parse_ref
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.codeowners import codeowners, is_owner, owning_rule
from scorecards.reading.hollow import is_placeholder
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start, descriptor

STAGE = 2
REQUIRED = True
EXCEPT: tuple[str, ...] = ()
EFFORT = 1

_NOBODY = regex(
    r"(?:(?:group|user):)?(?:[\w.-]{1,63}/)?(?:unknown|unowned|unassigned|undefined|guests?|owners?|none"
    r"|null|nobody|no-?one"
    r"|anyone|everyone|n/?a|tbd|todo|team|my-?team|some-?team|team-?name|owner-?name|example(?:-?(?:team"
    r"|owner|group))?|foo|bar|sample"
    r"|default|xx+|\?+|-+|admin@example\.\w+|\S{1,60}@(?:example\.\w{2,6}|localhost)|your-?\S{0,40})\Z",
    re.IGNORECASE,
)


def is_nobody(owner: str) -> bool:
    """Whether the value of an owner field names nobody."""
    return not owner or _NOBODY.match(owner) is not None or is_placeholder(owner)


_KEYS: tuple[tuple[str | int, ...], ...] = (
    ("spec", "owner"),
    ("metadata", "owner"),
    ("service", "owner"),
    ("component", "owner"),
    ("repository", "owner"),
    ("info", "x-cortex-owners"),
    ("org", "team"),
    ("team",),
    ("dd-team",),
    ("ownerId",),
    ("owner",),
)


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the owner that the descriptor names, and where it names none the CODEOWNERS file."""
    findings = Findings()
    declared = (service.owner or "").strip()
    if service.document is not None:
        _declared(service, service.document, declared, facts, findings)
    if not any(a.status is Status.PASS for a in findings.answers):
        _codeowners(snapshot, service, findings)
    return findings.best("Nobody is named as owner.", _fix(snapshot, service, declared))


def _declared(service: Service, document: Document, owner: str, facts: Facts, findings: Findings) -> None:
    line, path = _line(document), document.path_of("spec", "owner")
    if is_nobody(owner):
        said = f"`{owner}` names nobody" if owner else "the descriptor names no owner"
        findings.skip(path, said, line)
        return
    seen = Evidence(path, line, f"owner: {owner[:100]}")
    ref = parse_ref(owner, "group", service.ref.namespace)
    if ref is None:
        message = f"The owner `{owner[:100]}` is no ref of a Group or User, so nothing tells who that is."
        findings.add(Status.PARTIAL, message, seen)
    elif ref.kind.lower() not in ("group", "user"):
        findings.skip(path, f"`{owner[:100]}` is a {ref.kind}, neither a Group nor a User", line)
    elif not facts.knows_owners():
        findings.add(Status.PASS, f"Owned by {ref}.", seen)
    elif facts.resolves(str(ref)):
        findings.add(Status.PASS, f"Owned by {ref}, which the catalog knows.", seen)
    else:
        findings.add(Status.PARTIAL, _unresolved(owner, ref, facts), seen)


def _unresolved(owner: str, ref: Ref, facts: Facts) -> str:
    user = Ref("user", ref.namespace, ref.name)
    if ":" not in owner and facts.resolves(str(user)):
        return f"`{owner}` means the Group {ref}, which the catalog does not know; it does know {user}."
    return f"{ref} owns it, but the catalog knows no such {ref.kind.capitalize()}."


def _line(document: Document) -> int:
    for keys in _KEYS:
        if document.get(*keys) is not None:
            return document.line_of(*keys)
    return document.line_of("spec", "owner")


def _codeowners(snapshot: Snapshot, service: Service, findings: Findings) -> None:
    owners = codeowners(snapshot)
    if owners is None:
        return
    rule = owning_rule(owners, service.path)
    where = f"`{service.path}/`" if service.path else "the whole repository"
    if rule is None:
        findings.skip(owners.path, f"no rule covers {where}")
        return
    named = [o for o in rule.owners if is_owner(o)]
    if not named:
        why = "names only placeholders" if rule.owners else "leaves it to nobody"
        findings.skip(owners.path, f"the rule `{rule.pattern[:80]}` covers {where} and {why}", rule.line)
        return
    shown = ", ".join(named[:5])
    message = f"Only {owners.path} names an owner ({shown[:200]}); no descriptor does."
    findings.add(
        Status.PARTIAL, message, Evidence(owners.path, rule.line, f"{rule.pattern[:80]} {shown[:200]}")
    )


def _fix(snapshot: Snapshot, service: Service, owner: str) -> str:
    if service.document is None:
        path = service.file("catalog-info.yaml")
        if path in snapshot:
            return f"Mend `{path}`, which cannot be read as it is: `handrail validate` names the line."
        return (
            f"Add `{path}` with a Component whose `spec.owner` is a Group's ref, as `group:default/payments`."
        )
    path = service.document.path_of("spec", "owner")
    where = f"`{path}` line {_line(service.document)}"
    ref = parse_ref(owner, "group", service.ref.namespace)
    if ref is None or ref.kind.lower() not in ("group", "user") or is_nobody(owner):
        return f"Name the Group that answers for it as owner in {where}."
    return f"Describe {ref} as a {ref.kind.capitalize()} in the catalog, or name one it knows in {where}."


def start(snapshot: Snapshot, service: Service, result: Result) -> Start | None:
    """A descriptor, where there is none."""
    return descriptor(snapshot, service)
