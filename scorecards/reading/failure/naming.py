"""By what words files name a dependency: its name in every style of writing, or what kind of store it is."""

# ruff: noqa: E501

import re
from functools import lru_cache
from typing import NamedTuple

from catalog.regex import regex
from scorecards.reading.dependencies import Dependency
from scorecards.reading.words import word_set

_PARTS = regex(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_SUFFIXES = word_set("api service svc client server app backend system component resource grpc http rest")
_PLAIN = word_set(
    "api service svc client server app backend core data main common shared web prod production default resource"
    " system platform internal external public private users user"
)


class _Store(NamedTuple):
    """A kind of store: the words by which people call it, what finds it in code, and words of that code."""

    called: frozenset[str]
    code: re.Pattern[str]
    words: tuple[str, ...] = ()


_STORES = (
    _Store(
        word_set(
            "db database databases postgres postgresql pg mysql mariadb sql aurora rds cloudsql sqlserver mssql"
        ),
        regex(
            r"[dD]atabase|DATABASE|[pP]ostgres\w*|POSTGRES|\b[dD][bB]\b|DB_|_db\b|[dD]ata[-_]?[sS]ource|DATASOURCE|[mM]y[sS][qQ][lL]"
            r"|create_engine|hikari|jdbc|\bpgx|prisma|typeorm|sequelize|[sS]tatement_?[tT]imeout|\b[sS][qQ][lL]|SQL"
        ),
        ("datasource", "create_engine", "hikari", "jdbc", "prisma", "typeorm", "sequelize", "statement"),
    ),
    _Store(
        word_set("redis cache valkey memcached elasticache keydb"),
        regex(r"[rR]edis|REDIS|[cC]ache|CACHE|[vV]alkey|[mM]emcache"),
        ("memcache",),
    ),
    _Store(
        word_set(
            "kafka queue topic topics rabbitmq rabbit amqp sqs sns pubsub events bus broker nats mq stream"
        ),
        regex(
            r"[kK]afka|KAFKA|[qQ]ueue|QUEUE|[rR]abbit|RABBIT|amqp|AMQP|\b[sS][qQ][sS]\b|\b[sS][nN][sS]\b|[pP]ub_?[sS]ub|[bB]roker|\b[nN]ats\b"
        ),
        ("pub_sub",),
    ),
    _Store(
        word_set("s3 bucket storage blob gcs minio"),
        regex(r"\b[sS]3\b|S3_|[bB]ucket|BUCKET|[bB]lob|[oO]bject_?[sS]torage|[mM]inio"),
    ),
    _Store(
        word_set("elasticsearch elastic opensearch solr search"),
        regex(r"[eE]lastic\w*|ELASTIC|[oO]pen[sS]earch|[sS]olr"),
    ),
    _Store(word_set("mongo mongodb documentdb"), regex(r"[mM]ongo\w*|MONGO")),
    _Store(word_set("dynamo dynamodb"), regex(r"[dD]ynamo\w*|DYNAMO")),
)


class Named(NamedTuple):
    """A dependency and what finds it in text.

    `pattern` finds its name in code and settings, `stores` what kind of store it is, where it is one; `plain`
    and `kinds` do so in prose, where case says nothing. One of `words` stands in every text that names it.
    """

    dependency: Dependency
    pattern: re.Pattern[str]
    stores: tuple[re.Pattern[str], ...]
    plain: re.Pattern[str]
    kinds: re.Pattern[str] | None
    words: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Its name for a sentence."""
        ref = self.dependency.ref
        return ref.name if ref else self.dependency.shown

    def names(self, text: str) -> bool:
        """Whether a key, a value or a file's name is of it."""
        lowered = text.lower()
        if not any(word in lowered for word in self.words):
            return False
        return any(p.search(text) for p in (self.pattern, *self.stores))


def named(dependency: Dependency) -> Named | None:
    """How to find a dependency in text, None where it is no ref."""
    if dependency.ref is None:
        return None
    return Named(dependency, *_found_by(dependency.ref.name))


_FoundBy = tuple[
    re.Pattern[str], tuple[re.Pattern[str], ...], re.Pattern[str], re.Pattern[str] | None, tuple[str, ...]
]


@lru_cache(maxsize=128)
def _found_by(name: str) -> _FoundBy:
    """What finds a dependency of this name: many services depend on the same few."""
    parts = [p.lower() for p in _PARTS.split(name) if p][:8] or [name.lower()]
    bare = list(parts)
    while len(bare) > 1 and (bare[-1] in _SUFFIXES or re.fullmatch(r"v\d+", bare[-1])):
        bare.pop()
    forms = [f for f in (parts, bare) if len(f) > 1 or (len(f[0]) > 3 and f[0] not in _PLAIN)] or [parts]
    known = [store for store in _STORES if not store.called.isdisjoint(parts)]
    called = sorted((w for store in known for w in store.called), key=len, reverse=True)
    plain = "|".join(r"[-_ ]?".join(map(re.escape, f)) for f in forms)
    words = (*(max(f, key=len) for f in forms), *called, *(w for store in known for w in store.words))
    return (
        regex("|".join(_styles(f) for f in forms)),
        tuple(store.code for store in known),
        regex(rf"(?<![a-z0-9])(?:{plain})(?![a-z0-9])", re.IGNORECASE),
        regex(rf"(?<![a-z0-9])(?:{'|'.join(called)})(?![a-z0-9])", re.IGNORECASE) if called else None,
        tuple(dict.fromkeys(words)),
    )


def _styles(parts: list[str]) -> str:
    """`bank-gateway`, `bank_gateway`, `bankGateway`, `BankGateway`, `BANK_GATEWAY`."""
    lower = r"[-_. ]?".join(map(re.escape, parts))
    title = r"[-_ ]?".join(re.escape(p.capitalize()) for p in parts)
    camel = re.escape(parts[0]) + "".join(re.escape(p.capitalize()) for p in parts[1:])
    upper = r"[-_]?".join(re.escape(p.upper()) for p in parts)
    return rf"(?<![A-Za-z0-9]){lower}(?![a-z0-9])|(?<![A-Z]){title}(?![a-z])|(?<![A-Za-z0-9]){camel}(?![a-z])|(?<![A-Z]){upper}(?![A-Z])"
