"""What tells how a declared dependency fails, in settings, code and prose, and what only looks like it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import failure_modes_known
from scorecards.facts import Facts
from scorecards.result import Result

# ruff: noqa: E501
Tree = Callable[[dict[str, str]], Snapshot]
FACTS = Facts(date(2026, 11, 24))


def service(*depends: str, path: str = "", neighbours: tuple[str, ...] = (), spec: str = "") -> Service:
    listed = ", ".join(depends)
    text = f"kind: Component\nmetadata: {{name: payments}}\nspec:\n  type: service\n  dependsOn: [{listed}]\n"
    (document,) = parse_yaml(spec or text, "catalog-info.yaml").documents
    return Service(
        Ref("component", "default", "payments"), "service", path, document=document, neighbours=neighbours
    )


BANK = service("component:bank-gateway")
STORE = service("resource:payments-db")


def judge(snapshot: Snapshot, of: Service = BANK) -> Result:
    return failure_modes_known.evaluate(snapshot, of, FACTS, {})


ISTIO = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bank}
spec:
  hosts: [bank-gateway.banking.svc.cluster.local]
  http:
    - timeout: 2s
      retries: {attempts: 2, perTryTimeout: 1s}
      route: [{destination: {host: bank-gateway}}]
"""
LINKERD = """\
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {name: bank-gateway.banking.svc.cluster.local}
spec:
  routes: [{name: pay, isRetryable: true, timeout: 300ms, condition: {method: POST}}]
"""
DAPR = """\
apiVersion: dapr.io/v1alpha1
kind: Resiliency
metadata: {name: all}
spec:
  policies: {timeouts: {short: 2s}, retries: {twice: {policy: constant, maxRetries: 2}}}
  targets: {apps: {bank-gateway: {timeout: short, retry: twice}}}
"""
ENVOY = """\
static_resources:
  listeners:
    - routes:
        - match: {prefix: /}
          route: {cluster: bank_gateway, timeout: 2s, retry_policy: {retry_on: 5xx, num_retries: 2}}
        - match: {prefix: /other}
          route: {cluster: other, timeout: 9s}
"""
RESILIENCE4J = """\
resilience4j:
  retry: {instances: {bankGateway: {maxAttempts: 3}}}
  timelimiter: {instances: {bankGateway: {timeoutDuration: 2s}}}
"""
PYTHON = """\
import httpx
from tenacity import retry, stop_after_attempt

class BankGateway:
    @retry(stop=stop_after_attempt(2))
    def pay(self, order):
        return httpx.post(f"{self.url}/payments", json=order, timeout=2.0)
"""
GO = """\
package clients

func (c *BankGateway) Pay(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return c.breaker.Execute(func() error { return c.post(ctx) }, retry.Attempts(2))
}
"""
DOTNET = "services.AddHttpClient<BankGatewayClient>()\n    .AddStandardResilienceHandler();\n"
TABLE = """\
# What payments needs

| dependency | timeout | retries | without it |
|---|---|---|---|
| bank-gateway | 2 s | one | the payment is queued |
| payments-db | 500 ms | - | answers 503 |
"""
SECTION = """\
# Dependencies

## Bank gateway

We wait two seconds at most (timeout). When it is down, the order falls back to the queue.
"""
LIST = "# Notes\n\n- **bank-gateway**: a deadline of 2 s; on failure we retry once\n  and then give up\n- other: nothing\n"

SOUND: dict[str, dict[str, str]] = {
    "Istio": {"mesh/vs.yaml": ISTIO},
    "Linkerd": {"mesh/sp.yaml": LINKERD},
    "Dapr": {"dapr/r.yaml": DAPR},
    "Envoy": {"envoy.yaml": ENVOY},
    "resilience4j": {"src/main/resources/application.yml": RESILIENCE4J},
    "properties": {
        "src/main/resources/application.properties": "resilience4j.retry.instances.bank-gateway.max-attempts=3\n"
        "feign.client.config.bank-gateway.read-timeout=2000\n"
    },
    "environment": {"deploy/prod.env": "BANK_GATEWAY_TIMEOUT_SECONDS=2\nBANK_GATEWAY_RETRIES=1\n"},
    "settings as JSON": {"appsettings.json": '{"Clients": {"BankGateway": {"Timeout": "00:00:02", "RetryCount": 0, "MaxRetries": 2}}}'},
    "a client's settings by address": {"config.yaml": "clients:\n  - {url: 'http://bank-gateway', timeout: 2s, retries: 2}\n"},
    "Python": {"src/bank_gateway.py": PYTHON},
    "Python in another module": {"src/service/client.py": PYTHON},
    "Go": {"internal/clients/bank.go": GO},
    ".NET": {"src/Program.cs": DOTNET},
    "JavaScript": {
        "src/clients/bankGateway.js": "const breaker = new CircuitBreaker(pay);\nawait fetch(url, {signal: AbortSignal.timeout(2000)});\n"
    },
    "a table": {"docs/dependencies.md": TABLE},
    "a section": {"docs/failure.md": SECTION},
    "a list": {"README.md": LIST},
    "one here, the other there": {
        "config.env": "BANK_GATEWAY_TIMEOUT=2\n",
        "docs/x.md": "# X\n\nWhen bank-gateway is down we fall back to the queue.\n",
    },
}  # fmt: skip
WEAK: dict[str, tuple[dict[str, str], str]] = {
    "a timeout only": ({"config.env": "BANK_GATEWAY_TIMEOUT=2\n"}, "no retry or fallback"),
    "retries only": ({"config.env": "BANK_GATEWAY_RETRIES=2\n"}, "no timeout"),
    "retries switched off": (
        {"config.env": "BANK_GATEWAY_TIMEOUT=2\nBANK_GATEWAY_RETRIES=0\n"},
        "no retry or fallback",
    ),
    "a cell to be filled": (
        {"docs/dependencies.md": TABLE.replace("| one | the payment is queued |", "| TBD | ? |")},
        "no retry or fallback",
    ),
    "a shared client": (
        {"src/http_client.py": "session.mount('https://', Retry(total=3))\nsession.get(url, timeout=2)\n"},
        "shared client",
    ),
}
NONE: dict[str, dict[str, str]] = {
    "nothing": {"README.md": "# Payments\n\nIt calls bank-gateway.\n"},
    "another's": {"mesh/vs.yaml": ISTIO.replace("bank-gateway", "ledger"), "docs/d.md": TABLE.replace("bank-gateway", "ledger")},
    "zero": {"config.yaml": "bank-gateway: {timeout: 0, retries: 0}\n"},
    "in a comment": {"src/bank_gateway.py": "# timeout=2 and retry(3)\nimport httpx\n"},
    "an import": {"src/bank_gateway.py": "from tenacity import retry\nfrom x import timeout\n"},
    "an error": {"src/bank_gateway.py": "except TimeoutError: pass\nraise RetryError('retry: 3')\nlogger.info('timeout: 3')\n"},
    "a test": {"tests/test_bank_gateway.py": "client(timeout=2, retries=3)\n"},
    "a pipeline": {".github/workflows/bank-gateway.yml": "bank-gateway: {timeout: 2, retries: 2}\n"},
    "a health check": {"config.yaml": "bank-gateway: {healthcheck: {timeout: 3s, retries: 5}}\n"},
    "a compose file": {"compose.yaml": "services: {payments: {environment: [BANK=http://bank-gateway], healthcheck: {timeout: 3s, retries: 3}}}\n"},
    "what is to be done": {"docs/d.md": "# X\n\nbank-gateway has no timeout of 2 s yet. TODO: add retries.\n"},
    "a changelog": {"CHANGELOG.md": "- bank-gateway: timeout of 2 s, retry on failure\n"},
    "a user's session": {"config.env": "BANK_GATEWAY_SESSION_TIMEOUT=30\n"},
    "rules for programs that write code": {".cursor/rules/x.md": TABLE, "AGENTS.md": SECTION},
    "its own shutdown": {"docs/d.md": "# D\n\nbank-gateway is down: ShutdownTimeout defaults to 10 s.\n"},
    "an example": {"examples/config.env": "BANK_GATEWAY_TIMEOUT=2\nBANK_GATEWAY_RETRIES=2\n"},
    "an empty table": {"docs/dependencies.md": "| dependency | timeout | retries |\n|---|---|---|\n| bank-gateway | - | - |\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_timeout_and_retry_or_fallback_of_each_is_sound(tree: Tree, name: str):
    result = judge(tree(SOUND[name]))
    assert (result.status, result.fix) == ("pass", ""), result
    assert all(e.line for e in result.evidence)
    assert all("bank-gateway" in e.note for e in result.evidence)


@pytest.mark.parametrize("name", WEAK)
def test_half_of_it_is_weak(tree: Tree, name: str):
    files, word = WEAK[name]
    result = judge(tree(files))
    assert result.status == "partial", result
    assert word in result.message
    assert "bank-gateway" in result.fix


@pytest.mark.parametrize("name", NONE)
def test_what_tells_nothing_counts_for_nothing(tree: Tree, name: str):
    result = judge(tree(NONE[name]))
    assert result.status == "fail", result
    assert "bank-gateway" in result.fix


def test_some_of_several_is_weak_and_names_what_lacks(tree: Tree):
    of = service("component:bank-gateway", "component:fraud-check")
    result = judge(tree({"docs/dependencies.md": TABLE}), of)
    assert result.status == "partial"
    assert "fraud-check" in result.message
    assert [n.why for n in result.not_counted] == ["`fraud-check` has no timeout and no retry or fallback"]
    assert (result.not_counted[0].path, result.not_counted[0].line) == ("catalog-info.yaml", 5)


@pytest.mark.parametrize(
    "files",
    [
        {"docs/dependencies.md": TABLE},
        {"app/db.py": "engine = create_engine(\n    url, pool_pre_ping=True,\n    connect_args={'connect_timeout': 3})\n"},
        {"application.yml": "spring: {datasource: {hikari: {connection-timeout: 2000}}}\n", "docs/dependencies.md": "# D\n\n## Database\n\nWhen it is down, we fall back to the cache.\n"},
        {"docs/dependencies.md": "| what | how long (timeout) | on failure |\n|---|---|---|\n| Postgres | 2 s | 503 |\n"},
    ],
)  # fmt: skip
def test_a_store_is_found_by_what_it_is(tree: Tree, files: dict[str, str]):
    of = service("resource:payments-postgres-db")
    assert judge(tree(files), of if "Postgres" in str(files) else STORE).status == "pass"


def test_a_descriptor_that_lists_none_leaves_nothing_to_know(tree: Tree):
    result = judge(tree({"README.md": "#"}), service())
    assert (result.status, result.fix) == ("not-applicable", "")
    assert [(e.path, e.line) for e in result.evidence] == [("catalog-info.yaml", 5)]


def test_where_nothing_is_declared_it_cannot_be_told(tree: Tree):
    silent = service(spec="kind: Component\nmetadata: {name: payments}\nspec:\n  type: service\n")
    for of in (silent, replace(silent, document=None)):
        result = judge(tree({"docs/dependencies.md": TABLE}), of)
        assert result.status == "unknown"
        assert "catalog-info.yaml" in result.fix


def test_what_is_a_placeholder_is_no_dependency(tree: Tree):
    assert judge(tree({"README.md": "#"}), service("'<name>'", "'component:payments'")).status == "fail"


def test_a_number_is_found_in_no_file_and_leaves_it_unknown(tree: Tree):
    by_number = service("'component:b4bac4a5-df70-4987-b252-d018f7df915e'")
    result = judge(tree({"docs/dependencies.md": TABLE}), by_number)
    assert result.status == "unknown"
    assert "payments" in result.fix


def test_a_neighbours_files_tell_nothing(tree: Tree):
    of = service("component:bank-gateway", path="services/payments", neighbours=("services/cart",))
    assert (
        judge(
            tree({"services/cart/config.env": "BANK_GATEWAY_TIMEOUT=2\nBANK_GATEWAY_RETRIES=2\n"}), of
        ).status
        == "fail"
    )
    assert (
        judge(
            tree({"services/payments/config.env": "BANK_GATEWAY_TIMEOUT=2\nBANK_GATEWAY_RETRIES=2\n"}), of
        ).status
        == "pass"
    )
    assert judge(tree({"docs/dependencies.md": TABLE}), of).status == "pass"


def test_another_repository_counts_where_the_descriptor_names_it(tree: Tree):
    of = replace(BANK, annotations={"handrail.dev/evidence": "mesh:policies"})
    facts = Facts(date(2026, 11, 24), repositories={"mesh": tree({"policies/bank.yaml": ISTIO})})
    result = failure_modes_known.evaluate(tree({"README.md": "#"}), of, facts, {})
    assert result.status == "pass"
    assert result.evidence[0].path == "mesh:policies/bank.yaml"
    assert failure_modes_known.evaluate(tree({"README.md": "#"}), of, FACTS, {}).status == "unknown"


@pytest.mark.parametrize(
    ("name", "text", "is_it"),
    [
        ("bank-gateway", "BankGatewayClient", True),
        ("bank-gateway", "BANK_GATEWAY_URL", True),
        ("bank-gateway", "bankGateway.pay", True),
        ("bank-gateway-api", "bank_gateway", True),
        ("bank-gateway", "the bank gateways", False),
        ("rates", "RATES_URL", True),
        ("rates", "RatesClient", True),
        ("rates", "generates", False),
        ("rates", "IteratesOver", False),
        ("api", "capital", False),
    ],
)
def test_a_name_is_found_in_every_style_of_writing(tree: Tree, name: str, text: str, is_it: bool):
    of = service(f"component:{name}")
    result = judge(tree({"src/client.py": f"x = {text}\ncall(timeout=2)\ncall(retries=2)\n"}), of)
    assert (result.status == "pass") is is_it


@pytest.mark.parametrize(
    "files",
    [
        {"a.yaml": "bank-gateway: [" * 500},
        {"a.yaml": "bank-gateway: {timeout: [], retries: {}, x: null, 1: 2}\nhosts: [bank-gateway]\n"},
        {"a.yaml": "kind: VirtualService\nmetadata: [bank-gateway]\nspec: 3\n"},
        {"src/bank_gateway.py": "timeout=" * 30_000},
        {"src/bank_gateway.py": "retry_" * 60_000},
        {"docs/d.md": "| bank-gateway " * 5_000 + "timeout"},
        {"docs/d.md": "bank-gateway timeout 3 retry " * 10_000},
        {"docs/d.md": "|bank-gateway|\n|-|\n" * 3_000 + "timeout"},
    ],
)
def test_hostile_files_are_read_in_peace(tree: Tree, files: dict[str, str]):
    assert judge(tree(files)).status in ("fail", "partial", "pass")


def test_hostile_names_are_read_in_peace(tree: Tree):
    for written in (
        "'component:(.*'",
        "'[x'",
        "'component:a'",
        "'component:---'",
        "'resource:db'",
        "1",
        "null",
        "{a: b}",
    ):
        assert judge(tree({"docs/d.md": TABLE}), service(written)).status in ("fail", "partial", "pass")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([ISTIO, LINKERD, DAPR, ENVOY, PYTHON, GO, DOTNET, TABLE, SECTION, LIST]), max_size=3
    ),
    st.data(),
)
def test_any_damage_to_a_file_leads_to_a_verdict(tree: Tree, texts: list[str], data: st.DataObject):
    files = {}
    for number, text in enumerate(texts):
        cut = data.draw(st.integers(0, len(text)))
        more = data.draw(st.text("{}[]|:-'\"\n =(retyimou0", max_size=12))
        end = data.draw(st.sampled_from(["yaml", "py", "md", "env", "cs", "rst"]))
        files[f"client{number}.{end}"] = text[:cut] + more + text[cut:]
    assert judge(tree({"README.md": "#", **files})).status in ("pass", "partial", "fail")
