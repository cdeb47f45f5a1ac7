"""StackStorm's rules, whose trigger is an alert, and Rundeck's jobs that a webhook or an alert starts.

https://docs.stackstorm.com/rules.html, https://docs.stackstorm.com/reference/policies.html
https://docs.rundeck.com/docs/manual/document-format-reference/job-yaml-v12.html
"""

import posixpath
import re
from collections.abc import Iterator

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.alerting import AlertFile, alerting
from scorecards.reading.flaw import Flaw
from scorecards.reading.objective import text_of
from scorecards.reading.paths import paths
from scorecards.reading.remediation import Remediation, make_remediation, repairs, tells
from scorecards.result import Status

MARKS = (
    ("criteria", "trigger", "ref:", "action"),
    ("trigger", '"ref"', "action"),
    ("trigger:", "ref:", "pack"),
    ("sequence", "commands", "loglevel"),
)
_ALERT = regex(
    r"alert|prometheus|sensu|nagios|icinga|zabbix|datadog|newrelic|pagerduty|opsgenie|cloudwatch|dynatrace|monitor"
    r"|incident|problem|sns|remed|(?<![a-z])heal(?!th)|webhook[^\n]{0,200}(?:firing|critical|alarm)|alarm",
)
_STARTED = regex(r"\balerts?\b|alarm|webhook|incident|remediat", re.IGNORECASE)
_UNCALLED = Flaw(Status.UNKNOWN, "whether an alert starts it stands in Rundeck")
_TELLS = Flaw(Status.FAIL, "its action only tells somebody")


def read(file: AlertFile) -> Iterator[Remediation]:
    """Every rule of a StackStorm pack, and every job definition of Rundeck that says an alert starts it."""
    for document in file.documents:
        held = document.data
        if isinstance(held, Map) and isinstance(held.get("trigger"), Map) and dig(held, "action", "ref"):
            yield from _rule(file.snapshot, file.path, held)
        for job in held if isinstance(held, Seq) else ():
            if isinstance(job, Map) and isinstance(dig(job, "sequence", "commands"), Seq):
                yield from _job(file.snapshot, file.path, job)


def _rule(snapshot: Snapshot, path: str, held: Map) -> Iterator[Remediation]:
    trigger = f"{text_of(dig(held, 'trigger', 'type'))} {words(dig(held, 'trigger', 'parameters'))}".strip()
    name = text_of(held.get("name"))
    if not _ALERT.search(f"{trigger} {words(held.get('criteria'))} {name}".lower()):
        return
    ref = text_of(dig(held, "action", "ref"))
    pack, _, action = ref.partition(".")
    texts = [*_policies(snapshot, ref), *_workflow(snapshot, path, pack, action)]
    said = f"{ref} {words(dig(held, 'action', 'parameters'))}"
    idle = tells(ref) or (ref in ("core.noop", "core.local", "core.http") and not repairs(said))
    known = repairs(f"{said} {name}") or bool(texts)
    yield make_remediation(
        name,
        "StackStorm",
        path,
        held.line,
        trigger=trigger,
        action=said,
        guarded_by=texts,
        about=held,
        off=held.get("enabled") is False,
        elsewhere=not known,
        flaws=[_TELLS] if idle else [],
    )


def _policies(snapshot: Snapshot, ref: str) -> Iterator[str]:
    """Policies of the action: `action.concurrency` limits how often it runs at once."""
    for path in paths(snapshot).ending("yaml", "yml"):
        if "/policies/" in f"/{path}":
            text = snapshot.text(path) or ""
            if ref in text and "policy_type" in text:
                yield from (words(d.data) for d in snapshot.parsed(path).documents)


def _workflow(snapshot: Snapshot, rule: str, pack: str, action: str) -> Iterator[str]:
    """The action's definition in the pack, and the workflow or program that it names."""
    folder = posixpath.dirname(posixpath.dirname(rule))
    for ending in (".yaml", ".yml"):
        for path in (
            posixpath.join(folder, "actions", action + ending),
            f"packs/{pack}/actions/{action}{ending}",
        ):
            if path not in snapshot:
                continue
            for document in snapshot.parsed(path).documents:
                yield words(document.data)
                entry = text_of(document.get("entry_point"))
                text = snapshot.text(posixpath.join(posixpath.dirname(path), entry)) if entry else None
                if text:
                    yield text


def _calls_rundeck(snapshot: Snapshot) -> bool:
    """Whether a receiver of alerts has an address of Rundeck."""
    return any("rundeck" in f.text.lower() and "webhook" in f.text for f in alerting(snapshot).files)


def _job(snapshot: Snapshot, path: str, job: Map) -> Iterator[Remediation]:
    """A Rundeck job whose own text says that an alert starts it; the webhook itself stands in Rundeck."""
    name = text_of(job.get("name"))
    said = f"{name} {text_of(job.get('description'))} {text_of(job.get('group'))} {words(job.get('options'))}"
    if not _STARTED.search(said) or job.get("executionEnabled") is False:
        return
    commands = words(dig(job, "sequence"))
    if not (repairs(name) or repairs(commands)):
        return
    keys = " ".join(k for m in maps(job) for k in m)
    single = ["multipleExecutions"] if job.get("multipleExecutions") in (None, False) else []
    yield make_remediation(
        name,
        "Rundeck",
        path,
        job.line,
        trigger="an alert",
        action=commands,
        guarded_by=[keys.replace("multipleExecutions", ""), commands, *single],
        about=job,
        flaws=[] if snapshot.derive(_calls_rundeck) else [_UNCALLED],
    )
