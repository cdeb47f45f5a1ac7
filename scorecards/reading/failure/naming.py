"""By what words files name a dependency: its name in every style of writing, or what kind of store it is."""

# ruff: noqa: E501

import re
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
_STORES: tuple[tuple[frozenset[str], str], ...] = (
    (
        word_set("db database databases postgres postgresql pg mysql mariadb sql aurora rds cloudsql sqlserver mssql"),
        r"[dD]atabase|DATABASE|[pP]ostgres\w*|POSTGRES|\b[dD][bB]\b|DB_|_db\b|[dD]ata[-_]?[sS]ource|DATASOURCE|[mM]y[sS][qQ][lL]"
        r"|sqlalchemy|create_engine|hikari|jdbc|\bpgx|prisma|typeorm|sequelize|[sS]tatement_?[tT]imeout|\bsql\b",
    ),
    (word_set("redis cache valkey memcached elasticache keydb"), r"[rR]edis|REDIS|[cC]ache|CACHE|[vV]alkey|[mM]emcache"),
    (
        word_set("kafka queue topic topics rabbitmq rabbit amqp sqs sns pubsub events bus broker nats mq stream"),
        r"[kK]afka|KAFKA|[qQ]ueue|QUEUE|[rR]abbit|RABBIT|amqp|AMQP|\b[sS][qQ][sS]\b|\b[sS][nN][sS]\b|[pP]ub_?[sS]ub|[bB]roker|\b[nN]ats\b",
    ),
    (word_set("s3 bucket storage blob gcs minio"), r"\b[sS]3\b|S3_|[bB]ucket|BUCKET|[bB]lob|[oO]bject_?[sS]torage|[mM]inio"),
    (word_set("elasticsearch elastic opensearch solr search"), r"[eE]lastic\w*|ELASTIC|[oO]pen[sS]earch|[sS]olr"),
    (word_set("mongo mongodb documentdb"), r"[mM]ongo\w*|MONGO"),
    (word_set("dynamo dynamodb"), r"[dD]ynamo\w*|DYNAMO"),
)  # fmt: skip


class Named(NamedTuple):
    """A dependency and what finds it in text.

    `pattern` finds its name in code and settings, `store` what kind of store it is, where it is one; `plain`
    and `kinds` do so in prose, where case says nothing. One of `words` stands in every text that names it.
    """

    dependency: Dependency
    pattern: re.Pattern[str]
    store: re.Pattern[str] | None
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
        return self.pattern.search(text) is not None or (
            self.store is not None and self.store.search(text) is not None
        )


def named(dependency: Dependency) -> Named | None:
    """How to find a dependency in text, None where it is no ref."""
    if dependency.ref is None:
        return None
    parts = [p.lower() for p in _PARTS.split(dependency.ref.name) if p][:8] or [dependency.ref.name.lower()]
    bare = list(parts)
    while len(bare) > 1 and (bare[-1] in _SUFFIXES or re.fullmatch(r"v\d+", bare[-1])):
        bare.pop()
    forms = [f for f in (parts, bare) if len(f) > 1 or (len(f[0]) > 3 and f[0] not in _PLAIN)] or [parts]
    known = [pair for pair in _STORES if pair[0] & set(parts)]
    kinds = "|".join(sorted((w for held, _ in known for w in held), key=len, reverse=True))
    plain = "|".join(r"[-_ ]?".join(map(re.escape, f)) for f in forms)
    words = (
        [max(f, key=len) for f in forms]
        + [w for held, _ in known for w in held]
        + ["datasource"] * bool(known)
    )
    return Named(
        dependency,
        re.compile("|".join(_styles(f) for f in forms)),
        re.compile("|".join(words for _, words in known)) if known else None,
        re.compile(rf"(?<![a-z0-9])(?:{plain})(?![a-z0-9])", re.IGNORECASE),
        re.compile(rf"(?<![a-z0-9])(?:{kinds})(?![a-z0-9])", re.IGNORECASE) if kinds else None,
        tuple(dict.fromkeys(words)),
    )


def _styles(parts: list[str]) -> str:
    """`bank-gateway`, `bank_gateway`, `bankGateway`, `BankGateway`, `BANK_GATEWAY`."""
    lower = r"[-_. ]?".join(map(re.escape, parts))
    title = r"[-_ ]?".join(re.escape(p.capitalize()) for p in parts)
    camel = re.escape(parts[0]) + "".join(re.escape(p.capitalize()) for p in parts[1:])
    upper = r"[-_]?".join(re.escape(p.upper()) for p in parts)
    return rf"(?<![A-Za-z0-9]){lower}(?![a-z0-9])|(?<![A-Z]){title}(?![a-z])|(?<![A-Za-z0-9]){camel}(?![a-z])|(?<![A-Z]){upper}(?![A-Z])"
