"""Putting notices into the queue of the sandbox, and looking what became of them."""

from __future__ import annotations

import itertools
import json
import time
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg

from app.jobs import Queue
from app.settings import Settings

_run = uuid.uuid4().hex[:8]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Account:
    """What became of all notices: `twice` were delivered more than once, `again` tried more than once, and
    `missing` are done although nobody got them."""

    put: int
    open: int
    done: int
    dead: int
    twice: int
    again: int
    missing: int

    @property
    def settled_once(self) -> bool:
        """Whether each was delivered, and once."""
        return self.done == self.put and not self.twice and not self.missing


def connect(database_url: str) -> Queue:
    return Queue.connect(Settings(database_url=database_url, gateway_url="http://unused"))


def put(database_url: str, count: int, text: str = "notice") -> None:
    """Put so many notices, each with a text that no other has."""
    with connect(database_url) as queue:
        for _ in range(count):
            name = f"{text}-{_run}-{next(_numbers)}"
            queue.put(name, {"to": "somebody@example.com", "text": name})


def account(database_url: str, gateway_url: str) -> Account:
    deliveries = ask(f"{gateway_url}/deliveries")
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT state, payload->>'text' FROM jobs").fetchall()
    counted = [deliveries.get(text, {"tried": 0, "delivered": 0}) for _, text in rows]
    return Account(
        put=len(rows),
        open=sum(state == "waiting" for state, _ in rows),
        done=sum(state == "done" for state, _ in rows),
        dead=sum(state == "dead" for state, _ in rows),
        twice=sum(each["delivered"] > 1 for each in counted),
        again=sum(each["tried"] > 1 for each in counted),
        missing=sum(
            state == "done" and not each["delivered"] for (state, _), each in zip(rows, counted, strict=True)
        ),
    )


def settle(database_url: str, gateway_url: str, seconds: float) -> Account:
    """Wait until no notice is open, at most so long, and give the account."""
    end = time.monotonic() + seconds
    while True:
        found = account(database_url, gateway_url)
        if not found.open or time.monotonic() > end:
            return found
        time.sleep(0.1)


def behave(gateway_url: str, **how: float) -> None:
    """Tell the stand-in for the gateway how to behave."""
    request = urllib.request.Request(
        f"{gateway_url}/behaviour",
        data=json.dumps(how).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


def ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.loads(answer.read())
