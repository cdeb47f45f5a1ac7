"""Proxies that ask the instances behind them: HAProxy `option httpchk`, Caddy `health_uri`, NGINX
`health_check`.

https://docs.haproxy.org/3.0/configuration.html#option%20httpchk
https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#active-health-checks
"""

import re
from collections.abc import Iterator

from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.workload import Probe, Workload

NAMES = regex(r"(?:^|/)(?:haproxy[^/]*\.cfg|Caddyfile[^/]*|[^/]*nginx[^/]*\.conf(?:\.template)?)$")

_CHECK = regex(
    r"^[ \t]*(?:(option[ \t]+httpchk|http-check[ \t]+(?:send|connect))|(health_uri)|(health_check)(?=[ \t;]))"
    r"[ \t]*([^\n;]*)",
    re.MULTILINE,
)


def read(snapshot: Snapshot, path: str) -> Iterator[Workload]:
    """The health checks of a proxy's configuration."""
    text = snapshot.text(path) or ""
    probes = tuple(
        Probe("health", "http", m[4].strip()[:80], path, text.count("\n", 0, m.start()) + 1)
        for m in _CHECK.finditer(text)
    )
    if probes:
        yield Workload("proxy", "proxy", path.rpartition("/")[2], path, probes[0].line, probes=probes)
