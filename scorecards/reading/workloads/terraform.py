"""Terraform: load balancers' health checks, probes of Kubernetes, Cloud Run, Container Apps and App Service,
container definitions of ECS. Blocks are found by their braces; values by reference count.

https://registry.terraform.io/browse/providers
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Purpose, Workload, command_hollow

NAMES = regex(r"\.tf(?:\.json)?$")

_WORDS = regex(r"health_?check|_probe\b|probe_path|healthCheck|healthcheck", re.IGNORECASE)
_BLOCK = regex(r'^[ \t]*(resource|module)[ \t]+"([\w.-]+)"(?:[ \t]+"([\w.-]+)")?[ \t]*\{', re.MULTILINE)
_COMMENT = regex(r"(?:^|(?<=\s))(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_SHORT: dict[str, Purpose] = {"liveness": "liveness", "readiness": "readiness", "startup": "startup"}
_INNER = regex(r"\b(liveness|readiness|startup)_probe[ \t]*(?:=[ \t]*)?\{")
_CHECK = regex(r"\b(health_?check(?:_config(?:uration)?)?)[ \t]*=?[ \t]*[\[{]", re.IGNORECASE)
_PATH = regex(
    r"\b(health_?check_?(?:path|endpoint|url)|health_probe_(?:request_)?path|probe_path)[ \t]*=[ \t]*(\S.*)",
    re.IGNORECASE,
)
_COMMAND = regex(r"\bhealthCheck\b[^{]*\{(.*?)\}", re.DOTALL)

# Whole resources that are a health check; those of DNS only watch.
_CHECKS = regex(
    r"google_compute_(?:region_)?(?:http_|https_)?health_check\Z|azurerm_lb_probe\Z|fastly_service_\w*healthcheck"
    r"|cloudflare_load_balancer_monitor\Z|hcloud_load_balancer_service\Z|oci_load_balancer_backend_set\Z"
)
_BALANCERS = regex(
    r"aws_(?:a?lb_target_group|elb|apprunner_service|vpclattice_target_group)\Z|fastly_service|digitalocean_"
    r"|google_compute_|scaleway_|azurerm_(?:application_gateway|traffic_manager_profile|cdn_frontdoor)|ibm_"
    r"|hcloud_|openstack_|heroku_|render_|alicloud_|yandex_|linode_|vultr_|oci_"
)


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """Every resource or module call that asks for health."""
    text = snapshot.text(path)
    if text is None or not _WORDS.search(text):
        return
    plain = _COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    for block in _BLOCK.finditer(plain):
        body = braces(plain, block.end() - 1)
        if not _WORDS.search(body) and not _CHECKS.search(block[2]):
            continue
        line = plain.count("\n", 0, block.start()) + 1
        probes = tuple(_probes(block[1], block[2], body, path, line))
        if probes:
            yield Workload("Terraform", block[2], block[3] or "", path, line, _image(body), probes)


def braces(text: str, start: int) -> str:
    """The text between a brace and the one that ends it; strings are not told apart."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return text[start : found.end()]
    return text[start:]


def _image(body: str) -> str:
    found = re.search(r"\bimage\"?[ \t]*[=:][ \t]*\"([^\"$]+)\"", body)
    return found[1] if found else ""


def _probes(word: str, kind: str, body: str, path: str, line: int) -> Iterator[Probe]:
    def at(position: int) -> int:
        return line + body.count("\n", 0, position)

    for found in _INNER.finditer(body):
        inner = braces(body, found.end() - 1)
        handler = re.search(r"\b(http_get|tcp_socket|grpc|exec|transport|path|port)\b", inner)
        if handler is not None:
            how = {"tcp_socket": "tcp", "grpc": "grpc", "exec": "command"}.get(handler[1], "http")
            command = re.search(r"command[ \t]*=[ \t]*\[(.*?)\]", inner, re.DOTALL)
            hollow = command_hollow(re.sub(r"[\",\s]+", " ", command[1])) if command else ""
            purpose = _SHORT[found[1]]
            if kind.startswith("google_cloud_run") and purpose == "startup":
                purpose = "readiness"  # Cloud Run sends no request before this one holds
            yield Probe(purpose, how, "", path, at(found.start()), hollow)  # type: ignore[arg-type]
    if kind == "aws_ecs_task_definition":
        for found in _COMMAND.finditer(body):
            command = re.search(r"command\"?[ \t]*[=:][ \t]*\[(.*?)\]", found[1], re.DOTALL)
            words = re.sub(r"[\",\s]+", " ", command[1]) if command else ""
            hollow = command_hollow(words) if command else "it runs no command"
            yield Probe("health", "command", words.strip(), path, at(found.start()), hollow)
        return
    if _CHECKS.search(kind):
        target = re.search(r"\b(?:request_path|path)[ \t]*=[ \t]*(\S+)", body)
        yield Probe("health", "http", target[1].strip('"') if target else "", path, line)
        return
    named = _PATH.search(body)
    if named is not None and named[2].strip() not in ('""', "null"):
        yield Probe("health", "http", named[2].strip().strip('"'), path, at(named.start()))
        return
    check = _CHECK.search(body)
    if check is not None and (word == "module" or _BALANCERS.match(kind)):
        inner = braces(body, body.find("{", check.start()))
        if not re.search(r"\benabled[ \t]*=[ \t]*\"?false", inner):
            target = re.search(r"\b(?:path|target|matcher|port)[ \t]*=[ \t]*(\S+)", inner)
            yield Probe("health", "http", target[1].strip('"') if target else "", path, at(check.start()))
