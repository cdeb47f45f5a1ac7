"""Robusta's playbooks: what it does when Prometheus or Kubernetes tells of a failure.

https://docs.robusta.dev/master/playbook-reference/defining-playbooks/index.html
"""

from collections.abc import Iterator
from typing import Any

from catalog.document import Map, Seq, maps
from scorecards.reading.alert import words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.remediation import Remediation, make_remediation, repairs
from scorecards.result import Status

DIALECT = "Robusta"
MARKS = (
    ("on_prometheus_alert", "actions"),
    ("triggers", "on_pod_", "actions"),
    ("triggers", "on_job_f", "actions"),
)
_FAILURES = ("alert", "crash", "oom", "failure", "failed", "evicted", "unhealthy", "image_pull", "not_ready")
_TELLS = Flaw(Status.FAIL, "its actions only collect and tell")
_BASH = ("bash", "exec", "run_script")


def read(file: AlertFile) -> Iterator[Remediation]:
    """Every playbook: `triggers` of which one is a failure, and `actions`."""
    for document in file.documents:
        for held in maps(document.data):
            triggers, actions = held.get("triggers"), held.get("actions")
            if isinstance(triggers, Seq) and isinstance(actions, Seq):
                on = [(k, v) for t in triggers if isinstance(t, Map) for k, v in t.items() if _fails(k)]
                if on:
                    yield _playbook(file.path, held, on, actions)


def _fails(trigger: str) -> bool:
    return trigger.startswith("on_") and any(word in trigger for word in _FAILURES)


def _playbook(path: str, held: Map, on: list[tuple[str, Any]], actions: Seq) -> Remediation:
    done = [(k, v) for a in actions if isinstance(a, Map) for k, v in a.items()]
    changing = [(k, v) for k, v in done if repairs(k) or (any(b in k for b in _BASH) and repairs(words(v)))]
    alert = " ".join(words(v.get("alert_name")) for _, v in on if isinstance(v, Map)).strip()
    action = " ".join(f"{k} {words(v)}".strip() for k, v in changing or done)
    return make_remediation(
        text_of(held.get("name")) or alert or on[0][0],
        DIALECT,
        path,
        held.line,
        trigger=f"{on[0][0]} {alert}".strip(),
        action=action,
        guarded_by=[words(held)] + [k for k, _ in done if "callback" in k or "approv" in k],
        about=held,
        off=held.get("enabled") is False,
        flaws=[] if changing else [_TELLS],
    )
