"""A team is named that answers for the service.

## What it looks for

`spec.owner` in the service's descriptor, naming a Group or a User that the catalog knows.

## Why it matters

At three in the morning the first question is whom to call. A service without an owner is repaired by nobody.

## How to fix it

Set `spec.owner` in `catalog-info.yaml` to the ref of a Group, and add the Group to the catalog.

## Example

    spec:
      owner: group:default/payments

## Known limits

That the team still exists outside the catalog is not checked.
"""

from catalog.ref import parse_ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.hollow import is_placeholder
from scorecards.result import Evidence, Result, Status

STAGE = 2
REQUIRED = True
EXCEPT: tuple[str, ...] = ()


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """Judge the owner that the descriptor names."""
    document = service.document
    owner = service.owner or ""
    if document is None or is_placeholder(owner):
        return Result(Status.FAIL, "No owner is named.", fix="Set `spec.owner` in `catalog-info.yaml`.")
    evidence = Evidence(document.path, document.line_of("spec", "owner"), owner)
    ref = parse_ref(owner, "group")
    if ref is None or (facts.knows_owners() and not facts.resolves(str(ref))):
        return Result(Status.PARTIAL, f"`{owner}` is not in the catalog.", (evidence,), fix="Add the Group.")
    return Result(Status.PASS, f"Owned by {ref}.", (evidence,))
