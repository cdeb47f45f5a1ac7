"""What `handrail.toml` says of all services: `[[evidence]]` and `[teams]`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog.ref import parse_ref
from handrail.errors import Stop
from handrail.evidence_mapping import read_mapping
from scorecards.organisation import Organisation

KEYS = ("evidence", "teams")


def read_organisation(file: Path, data: Mapping[str, Any]) -> Organisation:
    """The mapping and the teams; `Stop` says what is wrong with them."""
    return Organisation(read_mapping(file, data.get("evidence", [])), _teams(file, data.get("teams", {})))


def _teams(file: Path, written: object) -> dict[str, str]:
    """The refs of Groups by other catalogs' identifiers of teams."""
    if not isinstance(written, dict):
        raise Stop(f"{file}: `teams` is not a table.", 'Write "ari:cloud:...:team/ID" = "group:NAME".')
    found = {}
    for identifier, team in written.items():
        ref = parse_ref(team, "group")
        if ref is None:
            raise Stop(
                f"{file}: teams: `{identifier}` names no Group.", "Write a ref, such as group:payments."
            )
        found[identifier] = str(ref)
    return found
