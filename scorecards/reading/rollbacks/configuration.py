"""Ways back that HCL declares: Terraform (ECS, CodeDeploy, Helm) and Nomad. Blocks are found in the text."""

import re
from collections.abc import Callable, Iterator

from catalog.regex import regex
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.result import Status

MARKS = ("circuit_breaker", "auto_rollback", "atomic", "auto_revert", "DeploymentPreference")
_COMMENT = regex(r"(?m)(?:^|(?<=\s))(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_BLOCK = regex(
    r"\b(deployment_circuit_breaker|auto_rollback_configuration|update"
    r"|resource[ \t]+\"helm_release\"[ \t]+\"[^\"\n]{0,200}\")"
    r"[ \t]*(?:=[ \t]*)?\{"
)
_REFERENCE = regex(r"(?<=[=:\s])((?:var|local)\.\w+)(?![\w.\[])")
_DYNAMIC = regex(r"dynamic[ \t]+\"(deployment_circuit_breaker|auto_rollback_configuration)\"[ \t]*\{")


Known = Callable[[str], object]


def declared(text: str, path: str, known: Known = lambda reference: None) -> Iterator[Mechanism]:
    """Every way back that the text of a Terraform or Nomad file declares.

    `known` tells what a reference (`var.x`, `local.x`) comes to, None where the files do not say.
    """
    plain = _COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text[:512_000])
    for found in [*_BLOCK.finditer(plain), *_DYNAMIC.finditer(plain)]:
        body = _body(plain, found.end())
        line = plain.count("\n", 0, found.start()) + 1
        mechanism = _block(found.group(1), _filled(body, known), path, line)
        if mechanism is not None:
            yield mechanism


def _body(text: str, start: int) -> str:
    """The text up to the brace that closes the block."""
    depth, at, end = 1, start, min(len(text), start + 20_000)
    brace = re.compile(r"[{}]")
    while depth and (found := brace.search(text, at, end)):
        depth += 1 if found.group() == "{" else -1
        at = found.end()
    return text[start:at]


def _filled(body: str, known: Known) -> str:
    """The block with the references that come to true or false replaced by that."""

    def value(found: re.Match[str]) -> str:
        given = known(found.group(1))
        return {True: "true", False: "false"}[given] if isinstance(given, bool) else found.group()

    return _REFERENCE.sub(value, body)


def _on(body: str, name: str) -> bool:
    """Whether an attribute is true, or given by a reference."""
    found = re.search(rf"\b{name}[ \t]*[=:][ \t]*([^\n,}}]+)", body)
    value = found.group(1).strip().strip('"') if found else ""
    return value == "true" or bool(re.match(r"(?:var|local|each|module|lookup|try|coalesce)\b", value))


def _block(kind: str, body: str, path: str, line: int) -> Mechanism | None:
    if kind == "deployment_circuit_breaker" and _on(body, "enable"):
        what = "an ECS deployment circuit breaker"
        if _on(body, "rollback"):
            return Mechanism(path, line, f"{what} with rollback", Status.PASS)
        return Mechanism(path, line, what, Status.PARTIAL, "`rollback` is not on")
    if kind == "auto_rollback_configuration" and _on(body, "enabled"):
        return Mechanism(path, line, "CodeDeploy automatic rollback", Status.PASS)
    if kind == "update" and _on(body, "auto_revert"):
        return Mechanism(path, line, "`auto_revert` in the Nomad job", Status.PASS)
    if kind.startswith("resource") and _on(body, "atomic"):
        own = re.search(r"\bchart[ \t]*=[ \t]*\"(?:\.|/|\$\{path\.)", body) is not None
        return Mechanism(
            path, line, "an atomic `helm_release`", Status.PASS, names=() if own else _names(kind, body)
        )
    return None


def _names(kind: str, body: str) -> tuple[str, ...]:
    """What a Helm release of a chart from elsewhere is called: it is the service's if named like it."""
    found = re.findall(r"\b(?:name|chart|repository)[ \t]*=[ \t]*\"([^\"\n]{1,200})\"", body)
    return (kind, *found)
