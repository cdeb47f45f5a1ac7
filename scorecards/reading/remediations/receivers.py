"""Alertmanager's webhooks that lead to a program of the repository, or to an automation elsewhere.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from catalog.document import Map, Seq, maps
from catalog.regex import regex
from catalog.snapshot import Snapshot
from scorecards.reading.alert import words
from scorecards.reading.alerting import AlertFile
from scorecards.reading.objective import text_of
from scorecards.reading.remediation import (
    ACTS,
    MEANT,
    Remediation,
    listed,
    make_remediation,
    programs,
)

MARKS = (
    ("webhook", "receiver"),
    ("match_labels", "cmd"),
    ("alertmanager_actions", "command"),
    ("contactPoints", "webhook"),
)
AUTOMATION = regex(
    r"stack-?storm|(?<![a-z0-9])st2(?![a-z0-9])|rundeck|robusta|(?<![a-z])eda(?![a-z])|event-?driven-?ansible|ansible"
    r"|(?<![a-z])awx(?![a-z])|remediat|(?<![a-z])heal(?:er|ing)?(?![a-z])|self-?_?heal|auto-?_?heal|auto-?_?fix"
    r"|argo-?events|eventsource|keptn|shoreline|am-?executor|auto-?_?recover|auto-?_?restart|alertmanager-actions"
    r"|/dispatches|generic-webhook-trigger|buildWithParameters",
    re.IGNORECASE,
)
_STARTS = regex(
    r"subprocess\.\w+\(|os\.system\(|exec\.Command|execSync\(|child_process|\bspawn\(|ProcessBuilder|Runtime\.getRuntime"
)
_NEAR = regex(r"alert|remediat|(?<![a-z])heal(?!th)|re-?start|recover|action", re.IGNORECASE)
"""What a file beside the program says, so that its guards are those of the repair."""
_MAX_PROGRAMS = 400
_MAX_FILES = 40
DIALECT = "Alertmanager webhook"


class Webhook(NamedTuple):
    """A receiver that calls an address, and what is routed to it."""

    name: str
    url: str
    path: str
    line: int
    routed: str
    default: bool
    sends: str


def read(file: AlertFile) -> Iterator[Remediation]:
    """Webhooks that start a repair, and the commands of receivers that run them themselves."""
    for webhook in _webhooks(file):
        yield from _judged(file.snapshot, webhook)
    for document in file.documents:
        for held in maps(document.data):
            yield from _commands(file.path, held)
            yield from _autoheal(file.path, held)


def _webhooks(file: AlertFile) -> Iterator[Webhook]:
    for document in file.documents:
        for held in maps(document.data):
            entries = held.get("receivers")
            route = held.get("route")
            if not isinstance(entries, Seq):
                continue
            if isinstance(route, Map):
                yield from _routed(file.path, entries, route)
            elif isinstance(held.get("name"), str):
                yield from _contact_point(file.path, held, entries)


def _routed(path: str, entries: Seq, route: Map) -> Iterator[Webhook]:
    for entry in entries:
        name = text_of(entry.get("name")) if isinstance(entry, Map) else ""
        matched = _matched(route, name)
        if not name or matched is None:
            continue
        for key in ("webhook_configs", "webhookConfigs"):
            for config in listed(entry.get(key)):
                url = text_of(config.get("url")) if isinstance(config, Map) else ""
                if url:
                    default = text_of(route.get("receiver")) == name
                    yield Webhook(name, url, path, config.line, matched, default, words(config))


def _matched(route: Map, name: str) -> str | None:
    """What alerts the route's branches to this receiver match; None where none leads to it."""
    found = [
        words([m.get(k) for k in ("match", "match_re", "matchers", "object_matchers")])
        for m in maps(route)
        if text_of(m.get("receiver")) == name
    ]
    return " ".join(f for f in found if f)[:500] if found else None


def _contact_point(path: str, held: Map, entries: Seq) -> Iterator[Webhook]:
    """Grafana's contact points: `receivers` with `type: webhook`."""
    for entry in entries:
        settings = entry.get("settings") if isinstance(entry, Map) else None
        if (
            isinstance(settings, Map)
            and text_of(entry.get("type")) == "webhook"
            and text_of(settings.get("url"))
        ):
            yield Webhook(
                held["name"], text_of(settings["url"]), path, entry.line, "", False, words(settings)
            )


def _judged(snapshot: Snapshot, webhook: Webhook) -> Iterator[Remediation]:
    program = _program(snapshot, webhook)
    trigger = f"alerts {webhook.routed}".strip() if webhook.routed else "every alert"
    if program is not None:
        handler, text = program
        acts = ACTS.search(text) or _STARTS.search(text)
        yield make_remediation(
            webhook.name,
            DIALECT,
            webhook.path,
            webhook.line,
            trigger=trigger,
            action=f"{handler}: {' '.join((acts[0] if acts else '').split())[:60]}",
            guarded_by=[text],
            about=f"{webhook.name} {webhook.routed}",
        )
    elif AUTOMATION.search(f"{webhook.name} {webhook.url}"):
        yield make_remediation(
            webhook.name,
            DIALECT,
            webhook.path,
            webhook.line,
            trigger=trigger,
            action=webhook.url,
            about=f"{webhook.name} {webhook.routed}",
            elsewhere=True,
        )


def _program(snapshot: Snapshot, webhook: Webhook) -> tuple[str, str] | None:
    """The program that takes the call, with its text: it reads alerts, acts, and stands at that address."""
    host, route = _split(webhook.url)
    said = _plain(webhook.name)
    for path in snapshot.derive(_takers):
        folder, known = _home(path, host)
        text = snapshot.text(path) or ""
        named = len(host) > 3 and (known or host in _plain(path))
        named = named or (len(said) > 5 and said in _plain(path))
        if not named and not _READS.search(text):
            continue
        if named or (len(route) > 1 and re.search(rf"[\"'`]/?{re.escape(route.strip('/'))}[\"'`/]", text)):
            whole = _whole(snapshot, folder, path)
            if _acts(whole):
                return path, whole
    return None


def _acts(text: str) -> bool:
    """Whether a program changes a running system, or starts other programs to repair one."""
    return ACTS.search(text) is not None or (
        _STARTS.search(text) is not None and MEANT.search(text) is not None
    )


def _home(path: str, host: str) -> tuple[str, bool]:
    """The folder of a program: the one called as the host is, else the file's own."""
    parts = path.split("/")[:-1]
    for number, part in enumerate(parts):
        if host and _plain(part) == host:
            return "/".join(parts[: number + 1]), True
    return "/".join(parts), False


def _whole(snapshot: Snapshot, folder: str, path: str) -> str:
    """The text of a program's files, its own first."""
    near = [p for p in programs(snapshot) if folder and p.startswith(f"{folder}/") and p != path]
    texts = [(snapshot.text(p) or "")[:40_000] for p in near[:_MAX_FILES]]
    own = (snapshot.text(path) or "")[:40_000]
    return "\n".join([own, *(t for t in texts if _NEAR.search(t))])[:300_000]


def _split(url: str) -> tuple[str, str]:
    try:
        split = urlsplit(url)
        return _plain((split.hostname or "").partition(".")[0]), split.path.rstrip("/")
    except ValueError:
        return "", ""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


_READS = regex(r"alertname|\[.alerts.\]|\.alerts\b|get\(.alerts.|alertmanager", re.IGNORECASE)


def _takers(snapshot: Snapshot) -> tuple[str, ...]:
    """Programs that read alerts as Alertmanager sends them."""
    found = []
    for path in programs(snapshot)[:_MAX_PROGRAMS]:
        text = (snapshot.text(path) or "")[:200_000]
        if "alert" in text and (_READS.search(text) or _acts(text)):
            found.append(path)
    return tuple(found)


def _autoheal(path: str, held: Map) -> Iterator[Remediation]:
    """OpenShift's auto-heal service: rules that start an AWX job or a batch job, throttled in one place."""
    rules = held.get("rules")
    for rule in rules if isinstance(rules, Seq) else ():
        if isinstance(rule, Map) and ("awxJob" in rule or "batchJob" in rule):
            job = rule.get("awxJob") or rule.get("batchJob")
            yield make_remediation(
                words(rule.get("metadata")) or words(rule.get("labels")),
                "auto-heal",
                path,
                rule.line,
                trigger=words(rule.get("labels")),
                action=words(job),
                guarded_by=["throttle" if "throttling" in held else "", words(job)],
                about=rule,
            )


def _commands(path: str, held: Map) -> Iterator[Remediation]:
    """`prometheus-am-executor` and `alertmanager-actions`: a command for each set of labels."""
    for key, command, labels in (
        ("commands", "cmd", "match_labels"),
        ("alertmanager_actions", "command", "labels"),
    ):
        for entry in listed(held.get(key)):
            if isinstance(entry, Map) and text_of(entry.get(command)) and labels in entry:
                yield make_remediation(
                    text_of(entry.get("name")) or words(entry.get(labels)),
                    "prometheus-am-executor" if key == "commands" else "alertmanager-actions",
                    path,
                    entry.line,
                    trigger=words(entry.get(labels)),
                    action=f"{text_of(entry[command])} {words(entry.get('args'))}",
                    guarded_by=["max_runs" if text_of(entry.get("max")) not in ("", "0") else ""],
                    about=entry,
                )
