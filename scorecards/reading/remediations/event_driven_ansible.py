"""Event-Driven Ansible: rulebooks that run a playbook or a job template on an alert.

https://ansible.readthedocs.io/projects/rulebook/en/stable/rulebooks.html
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from catalog.document import Map, Seq, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.remediation import TELLS, Remediation, make_remediation, repairs, tells
from scorecards.reading.words import word_set
from scorecards.result import Status

DIALECT = "Event-Driven Ansible"
MARKS = (
    ("run_playbook", "condition"),
    ("run_job_template", "condition"),
    ("run_workflow_template", "condition"),
    ("run_module", "condition", "sources"),
)

_RUNS = ("run_playbook", "run_job_template", "run_workflow_template", "run_module")
_SOURCE = regex(
    r"alertmanager|dynatrace|dt_esa|datadog|instana|zabbix|nagios|icinga|newrelic|appdynamics|splunk|logicmonitor|prometheus"
    r"|grafana|url_check|alert|pagerduty|opsgenie|cloudwatch|sensu|thousandeyes",
)
_CONDITION = regex(
    r"alert|firing|problem|incident|severity|threshold|url_check|\bdown\b|unhealthy|critical|\busage\b|\bcpu\b"
    r"|out of memory|\bdisk\b|crash|not responding|unreachable|degraded|outage|expir",
)
_WELL = regex(r"status\b[^=\n]{0,10}==\s{0,2}[\"'](?:resolved|up|ok|closed)[\"']", re.IGNORECASE)
"""A condition that is met when all is well again."""
_TELLS = Flaw(Status.FAIL, "its action only tells somebody")
_NOTHING = Flaw(Status.FAIL, "its playbook changes nothing")
_IDLE = word_set(
    "debug set_fact uri mail slack assert pause fail include_vars stat setup telegram meta set_stats jira"
    " snow_record community.general.slack community.general.mail servicenow.itsm.incident name when vars tags"
    " register delegate_to become changed_when no_log loop ignore_errors failed_when run_once until retries"
    " delay notify environment become_user args with_items listen check_mode throttle timeout loop_control"
    " block rescue always delegate_facts become_method any_errors_fatal connection vars_files"
)
"""Modules that change nothing, and the keywords of a task."""


class _Playbook(NamedTuple):
    text: str
    changes: bool


def read(file: AlertFile) -> Iterator[Remediation]:
    """Every rule of a rulebook whose sources or condition speak of an alert."""
    for document in file.documents:
        for held in maps(document.data):
            rules = held.get("rules")
            if not isinstance(rules, Seq) or not ("sources" in held or "hosts" in held):
                continue
            for rule in rules:
                if isinstance(rule, Map) and "condition" in rule:
                    yield from _rule(file, held, rule)


def _rule(file: AlertFile, book: Map, rule: Map) -> Iterator[Remediation]:
    condition = words(rule.get("condition"))
    told = f"{condition} {text_of(rule.get('name'))}".lower()
    plugins = " ".join(k for m in maps(book.get("sources")) for k in m)
    if not (_SOURCE.search(plugins) or _CONDITION.search(told)) or _WELL.search(condition):
        return
    done = [(k, v) for k, v in _actions(rule) if k in _RUNS]
    if not done:
        return
    name = text_of(rule.get("name"))
    played = [
        (k, v, _playbook(file.snapshot, file.path, v) if k == "run_playbook" else None) for k, v in done
    ]
    changing = [(k, v, p) for k, v, p in played if _changes(v, p, name)]
    best = changing or played
    action = " ".join(f"{k} {_named(v)}" for k, v, _ in best)
    flaws = [] if changing else [_why_none(best)]
    texts = [words(rule.get("throttle")) and f"throttle {words(rule.get('throttle'))}"]
    texts += [words(v) for _, v, _ in best] + [p.text for _, _, p in best if p is not None]
    yield make_remediation(
        name,
        DIALECT,
        file.path,
        rule.line,
        trigger=condition,
        action=action,
        guarded_by=[t for t in texts if t],
        about=f"{words(rule)} {text_of(book.get('name'))}",
        off=rule.get("enabled") is False,
        flaws=flaws,
    )


def _actions(rule: Map) -> Iterator[tuple[str, Any]]:
    for key in ("action", "actions"):
        held = rule.get(key)
        for action in held if isinstance(held, Seq) else [held]:
            if isinstance(action, Map):
                yield from action.items()


def _named(value: Any) -> str:
    return text_of(value.get("name")) if isinstance(value, Map) else text_of(value)


def _changes(value: Any, playbook: _Playbook | None, rule: str) -> bool:
    if playbook is not None:
        return playbook.changes
    return repairs(_named(value)) or not (TELLS.search(_named(value)) or tells(rule))


def _why_none(played: list[tuple[str, Any, _Playbook | None]]) -> Flaw:
    return _NOTHING if any(p is not None for _, _, p in played) else _TELLS


def _playbook(snapshot: Snapshot, book: str, value: Any) -> _Playbook | None:
    """The playbook that a rule names, where it stands in the repository."""
    name = _named(value).strip("./")
    if not name.endswith((".yml", ".yaml")):
        return None
    folder = posixpath.dirname(book)
    near = [
        posixpath.normpath(posixpath.join(folder, up, name)) for up in ("", "..", "../..", "../playbooks")
    ]
    found = next((p for p in [*near, name] if p in snapshot), None)
    if found is None:
        base = name.rpartition("/")[2].lower()
        found = next((p for p in paths(snapshot).named(base) if p.endswith(name)), None) or next(
            iter(paths(snapshot).named(base)), None
        )
    if found is None:
        return None
    data = [d.data for d in snapshot.parsed(found).documents]
    tasks = [m for d in data for m in maps(d)]
    roles = any(
        "roles" in m or "include_role" in m or "import_role" in m or "import_playbook" in m for m in tasks
    )
    used = {k.removeprefix("ansible.builtin.") for m in tasks for k in m if _is_task(m)}
    return _Playbook(snapshot.text(found) or "", roles or bool(used - _IDLE))


def _is_task(held: Map) -> bool:
    """Whether a mapping is a task: not a play, and not a module's arguments."""
    if "hosts" in held and ("tasks" in held or "roles" in held):
        return False
    return any(
        "." in k or isinstance(v, Map) or k in ("command", "shell", "raw", "script") for k, v in held.items()
    )
