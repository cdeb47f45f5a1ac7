"""The `[[evidence]]` tables of `handrail.toml`: which repositories hold evidence for which services."""

from pathlib import Path

from handrail.errors import Stop
from scorecards.evidence import MAX_RULES, EvidenceRule

_RULE = 'Write repository = "NAME" and services = ["GLOB"] below [[evidence]].'


def read_mapping(file: Path, written: object) -> tuple[EvidenceRule, ...]:
    """The rules in the order in which they are written; `Stop` says what is wrong with them."""
    if not isinstance(written, list) or len(written) > MAX_RULES:
        raise Stop(f"{file}: `evidence` is not a list of at most {MAX_RULES} rules.", _RULE)
    return tuple(_rule(f"{file}: evidence {number}", rule) for number, rule in enumerate(written, 1))


def _rule(where: str, rule: object) -> EvidenceRule:
    if not isinstance(rule, dict):
        raise Stop(f"{where} is not a table.", _RULE)
    for key in rule:
        if key not in EvidenceRule._fields:
            raise Stop(f"{where}: `{key}` is not known.", f"Known are {', '.join(EvidenceRule._fields)}.")
    repository, path = rule.get("repository"), rule.get("path", "")
    if not isinstance(repository, str) or not repository.strip() or not isinstance(path, str):
        raise Stop(f"{where} has no `repository`, or a `path` that is no text.", _RULE)
    globs = {}
    for key in ("services", "repositories"):
        listed = rule.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(g, str) and g for g in listed):
            raise Stop(f"{where}: `{key}` is not a list of globs.", _RULE)
        globs[key] = tuple(listed)
    if not any(globs.values()):
        globs["services"] = ("*",)
    return EvidenceRule(repository.strip(), path, **globs)
