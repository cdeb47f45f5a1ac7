"""Which of the workloads of a repository are the service: not its database, not what is run for tests."""

import re
from typing import Protocol

from catalog.regex import regex
from catalog.service import Service
from scorecards.reading import scope

# What stands beside a service and is not it: stores, brokers, proxies' and monitoring's own containers.
_COMPANION = regex(
    r"(?:^|[/_.-])(?:postgres(?:ql)?|pgvector|postgis|timescaledb?|pgbouncer|pgadmin\d?|mysql|mariadb|percona|mongo(?:db)?"
    r"|redis(?:-stack)?|valkey|keydb|dragonfly|memcached|rabbitmq|(?:cp-)?kafka|redpanda|zookeeper|nats|pulsar|activemq"
    r"|mosquitto|elasticsearch|opensearch|solr|cassandra|scylla|cockroach(?:db)?|clickhouse(?:-server)?|influxdb"
    r"|couchdb|neo4j|arangodb|etcd|consul|vault|minio|localstack|dynamodb(?:-local)?|azurite|qdrant|weaviate|milvus"
    r"|chroma(?:db)?|mssql|sqlserver|oracle|db|database|cache|adminer|mailhog|mailpit|prometheus|alertmanager"
    r"|grafana|loki|tempo|mimir|jaeger|zipkin|otel|opentelemetry-collector(?:-contrib)?|otel-collector|fluent-?(?:d|bit)"
    r"|logstash|kibana|filebeat|node-exporter|cadvisor|k6|locust|jmeter|gatling|(?:flagger-)?load-?tester"
    r"|toxiproxy|wiremock|mockserver|selenium|clamav|cloud-?sql-proxy|promtail|istio-proxy|linkerd-proxy|httpbin|cloud-sdk|bigtable|firestore|pubsub|spanner|cosmosdb|emulator|mock\w*|fake\w*|stubs?)"
    r"(?=$|[:@_.-](?!exporter|operator|proxy|adapter|manager|service|api|app|consumer|producer|worker|listener))",
    re.IGNORECASE,
)

# Where things are run to be tried, not to serve.
_TRIED = regex(
    r"(?:^|/)(?:tests?|e2e|it|integration(?:[_-]tests?)?|load(?:[_-]?tests?)?|perf(?:ormance)?|bench(?:marks?)?|k6"
    r"|gatling|locust|jmeter|chaos|\.devcontainer|\.github|\.circleci|hack|ci)/"
    r"|(?:^|/)(?:docker-)?compose[^/]*[.-](?:tests?|e2e|ci|load|bench|it|integration)[^/]*\.ya?ml$",
    re.IGNORECASE,
)


class Placed(Protocol):
    """What is asked of a workload, whatever else was read of it."""

    @property
    def system(self) -> str:
        """The platform, `Kubernetes` or `Compose`."""
        ...

    @property
    def name(self) -> str:
        """Its own name."""
        ...

    @property
    def path(self) -> str:
        """The file that says that it runs."""
        ...

    @property
    def image(self) -> str:
        """Its image, empty where unknown."""
        ...

    @property
    def context(self) -> str | None:
        """The folder that it is built from, None where unknown."""
        ...


def why_not_counted(workload: Placed, service: Service) -> str | None:
    """Why a workload is not the service's, "" where that is not worth a word, None where it is."""
    folder = scope.aside(workload.path, service)
    if folder is not None:
        return f"stands in `{folder}`."
    if scope.is_neighbours(workload.path, service):
        return ""
    prefix = f"{service.path}/" if service.path else ""
    if _TRIED.search(workload.path.removeprefix(prefix)):
        return "is run for tests, not to serve."
    named = is_named(workload, service)
    called = any(scope.names(t, service) for t in (workload.name, _base(workload.image)) if t)
    if (
        not (called or workload.context == service.path != "")
        and (companion := _companion(workload)) is not None
    ):
        return f"is {companion}, not the service."
    if workload.system == "Compose" and workload.context is None and not named and _official(workload.image):
        return f"runs `{workload.image}`, not the service."
    if not scope.is_own(workload.path, service) and not named:
        return ""
    if not service.alone and workload.context is not None and workload.context != service.path:
        return "" if workload.context or not named else None
    return None


def is_named(workload: Placed, service: Service) -> bool:
    """Whether a workload names the service: its name, its image, the folder that it is built from."""
    if workload.context is not None and service.path and workload.context == service.path:
        return True
    return any(
        scope.names(text, service) for text in (workload.name, _base(workload.image), workload.path) if text
    )


def _base(image: str) -> str:
    """An image's own name."""
    return image.rpartition("/")[2].partition(":")[0]


def _companion(workload: Placed) -> str | None:
    image = workload.image.partition("@")[0]
    if image and "$" not in image:
        if _COMPANION.search(image):
            return f"`{workload.image}`"
        if workload.system != "Compose" or workload.context is not None:
            return None
    return f"`{workload.name}`" if _COMPANION.search(workload.name) else None


def _official(image: str) -> bool:
    """Whether an image is one that everybody uses, `nginx:alpine`: those have no folder in their name."""
    return bool(image) and "/" not in image and "$" not in image
