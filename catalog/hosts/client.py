"""Asking a host's API: politely, with an end to every wait, and the token for nobody else."""

import json
import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from threading import Event
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from catalog.hosts.answers import Answer, HostError, links
from catalog.remotes.access import Access

_CONNECT, _READ, _WHOLE = 10.0, 30.0, 60.0
"""Seconds until a connection stands, between two pieces of an answer, and for all of it."""
_ATTEMPTS = 4
_REDIRECTS = 3
_LARGEST = 32 * 1024**2
_PATIENCE = 15 * 60.0
"""Seconds in all that one list may wait because the host says so."""


class Client:
    """A host's API, asked by one thread."""

    def __init__(self, url: str, access: Access, headers: Mapping[str, str], stop: Event) -> None:
        parts = urlsplit(url)
        self._origin = (parts.scheme, parts.netloc)
        self._host = parts.netloc.lower()
        self._headers = {**headers, "User-Agent": "handrail", "Accept-Encoding": "identity"}
        self._stop = stop
        self._waited = 0.0
        self._pool = _pool(parts.scheme, parts.hostname or "", access, self._host)

    def page(self, url: str, etag: str | None = None) -> Answer:
        """A page of a list, unless it is the same as the one that had this `etag`. Raises `HostError`.

        `FileNotFoundError` where there is no such list.
        """
        headers = self._headers | ({"If-None-Match": etag} if etag else {})
        for _ in range(_REDIRECTS):
            status, said, body = self._patiently(url, headers)
            if status in (301, 302, 307, 308):
                url = self.inside(urljoin(url, said.get("Location", "")))
                continue
            return self._answer(status, said, body)
        raise HostError(f"{self._host} sends us from one address to the next")

    def inside(self, url: str) -> str:
        """The same address, `HostError` where it is not of this host: it would be told our token."""
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != self._origin:
            raise HostError(f"{self._host} sends us to another host, which is not followed")
        return url

    def _answer(self, status: int, said: Mapping[str, str], body: bytes) -> Answer:
        at = _moment(said.get("Date")) or time.time()
        if status == 304:
            return Answer([], {}, None, at, same=True)
        if status == 404:
            raise FileNotFoundError
        if status in (401, 403):
            raise HostError(f"{self._host} asks for a token, or does not accept ours ({status})")
        if status != 200:
            raise HostError(f"{self._host} answers {status}")
        try:
            items = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise HostError(f"{self._host} answers with something that is not JSON") from error
        if not isinstance(items, list):
            raise HostError(f"{self._host} answers with something that is not a list")
        return Answer(items, links(said.get("Link", "")), said.get("ETag"), at)

    def _patiently(self, url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        reason = ""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                status, said, body = self._once(url, headers)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                reason = _reason(error)
            else:
                until = _told_to_wait(status, said)
                if until is not None:
                    self._wait(until, status)
                    continue
                if status < 500:
                    return status, said, body
                reason = f"answers {status}"
            if attempt < _ATTEMPTS and self._stop.wait(random.uniform(0, 2.0**attempt)):  # noqa: S311
                break
        raise HostError(f"{self._host} {reason or 'asks us again and again to come back later'}")

    def _wait(self, seconds: float, status: int) -> None:
        self._waited += seconds
        if self._waited > _PATIENCE:
            raise HostError(
                f"{self._host} lets us ask again in {seconds / 60:,.0f} minutes ({status}), which is too long"
            )
        # A little more, at random: others were told the same moment.
        if self._stop.wait(seconds + random.uniform(0, min(2.0, seconds))):  # noqa: S311
            raise HostError("the crawl was ended")

    def _once(self, url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        until = time.monotonic() + _WHOLE
        response = self._pool.request(
            "GET", url, headers=dict(headers), redirect=False, retries=False, preload_content=False
        )
        try:
            body = bytearray()
            while chunk := response.read1(65_536):
                body += chunk
                if len(body) > _LARGEST:
                    raise HostError(f"{self._host} answers with more than {_LARGEST // 1024**2} MiB")
                if time.monotonic() > until:
                    raise HostError(f"{self._host} takes longer than {_WHOLE:g} seconds to answer")
            return response.status, response.headers, bytes(body)
        finally:
            response.close()
            response.release_conn()


def _pool(scheme: str, hostname: str, access: Access, host: str) -> Any:
    options: dict[str, Any] = {"timeout": urllib3.Timeout(connect=_CONNECT, read=_READ)}
    if certificates := access.certificates(host):
        options["ca_certs"] = certificates
    proxy = access.host(host).proxy
    if proxy is None and not proxy_bypass(hostname):
        proxy = getproxies().get(scheme) or getproxies().get("all")
    return urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)


def _told_to_wait(status: int, said: Mapping[str, str]) -> float | None:
    """Seconds until the host answers again, None where it does not ask us to wait."""
    if status not in (403, 429, 503):
        return None
    after = said.get("Retry-After")
    if after is not None:
        seconds = float(after) if after.isdigit() else (_moment(after) or 0) - _now(said)
        return min(max(1.0, seconds), 86_400.0)
    for prefix in ("X-RateLimit", "RateLimit"):
        reset = said.get(f"{prefix}-Reset", "")
        if said.get(f"{prefix}-Remaining") == "0" and reset.isdigit():
            return min(max(1.0, float(reset[:12]) - _now(said)), 86_400.0)
    return 60.0 if status == 429 else None


def _now(said: Mapping[str, str]) -> float:
    return _moment(said.get("Date")) or time.time()


def _moment(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, TypeError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.SSLError):
        return "has a certificate that is not trusted: name its authority with `ca-file`"
    if isinstance(error, urllib3.exceptions.ProxyError):
        return "cannot be reached through the proxy"
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return "does not answer"
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "has no address"
    return "does not answer as a host does"
