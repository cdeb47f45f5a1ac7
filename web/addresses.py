"""Addresses that pages write hundreds of times: built here, since `url_for` takes longer than a whole row.

A test compares each with what `url_for` gives.
"""

from urllib.parse import quote, urlencode

from flask import request


def services_url(query: str = "") -> str:
    """The list of services, with what stands after `?`."""
    return f"{request.script_root}/services{'?' if query else ''}{query}"


def service_url(namespace: str, name: str, *, open: str = "", inside: int | None = None) -> str:
    """The page of a service, with a check open, or that of the claim `inside` another repository."""
    path = f"{request.script_root}/services/{quote(namespace.lower())}/{quote(name.lower())}"
    pairs = [(key, value) for key, value in (("open", open), ("in", inside)) if value]
    return f"{path}{'?' if pairs else ''}{urlencode(pairs)}{f'#{quote(open)}' if open else ''}"


def entity_url(ref: str) -> str | None:
    """The page of any entity; None for what is no ref."""
    kind, _, rest = ref.partition(":")
    namespace, _, name = rest.partition("/")
    if not (kind and namespace and name) or "/" in name:
        return None
    if kind.lower() == "component":
        return service_url(namespace, name)
    parts = "/".join(quote(part.lower(), safe="") for part in (kind, namespace, name))
    return f"{request.script_root}/catalog/{parts}"
