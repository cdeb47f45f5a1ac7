"""What counts as a service level objective, and what only looks like one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import dedent, indent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import slo_defined
from scorecards.facts import Facts
from scorecards.reading.objectives import objectives
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
# ruff: noqa: E501
FACTS = Facts(date(2026, 11, 24))
ALONE = Service(Ref("component", "default", "payments"), "service")
AMONG = Service(
    Ref("component", "default", "payments"), "service", "services/payments", neighbours=("services/cart",)
)


def judge(snapshot: Snapshot, service: Service = ALONE) -> Result:
    return slo_defined.evaluate(snapshot, service, FACTS, {})


def openslo(**changes: str) -> str:
    parts = {
        "name": "availability",
        "service": "payments",
        "good": 'sum(rate(http_requests_total{code!~"5.."}[5m]))',
        "total": "sum(rate(http_requests_total[5m]))",
        "target": "0.999",
        "window": "28d",
    } | changes
    return f"""\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: {parts["name"]}
spec:
  service: {parts["service"]}
  indicator:
    metadata: {{name: good}}
    spec:
      ratioMetric:
        counter: true
        good: {{metricSource: {{type: Prometheus, spec: {{query: '{parts["good"]}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{parts["total"]}'}}}}}}
  timeWindow:
    - duration: {parts["window"]}
  objectives:
    - target: {parts["target"]}
"""


SLOTH = """\
version: prometheus/v1
service: payments
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
"""
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: payments}
spec:
  target: "99.5"
  window: 4w
  indicator:
    ratio:
      errors: {metric: 'http_requests_total{code=~"5.."}'}
      total: {metric: http_requests_total}
"""
KEPTN = """\
spec_version: '1.0'
objectives:
  - sli: response_time_p95
    pass:
      - criteria: ["<=600"]
  - sli: throughput
total_score: {pass: "90%"}
"""
HOMEMADE = """\
slos:
  - name: availability
    indicator:
      ratio: {good: 'sum(rate(ok_total[5m]))', total: 'sum(rate(all_total[5m]))'}
    objective: 99.9
    window: 30d
"""
NOBL9 = """\
apiVersion: n9/v1alpha
kind: SLO
metadata: {name: payments}
spec:
  service: payments
  timeWindows: [{unit: Day, count: 28, isRolling: true}]
  objectives:
    - target: 0.99
      countMetrics:
        incremental: true
        good: {prometheus: {promql: 'sum(ok_total)'}}
        total: {prometheus: {promql: 'sum(all_total)'}}
"""
GENERATOR = """\
apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata: {name: payments}
spec:
  backend: prometheus
  method: good_bad_ratio
  service_level_indicator: {filter_good: 'http_requests_total{code="200"}', filter_valid: http_requests_total}
  goal: 0.95
"""
CLOUDFORMATION = """\
Parameters:
  Goal: {Type: Number, Default: 99.5}
Resources:
  Slo:
    Type: AWS::ApplicationSignals::ServiceLevelObjective
    Properties:
      Name: payments
      Goal:
        AttainmentGoal: !Ref Goal
        Interval: {RollingInterval: {Duration: 28, DurationUnit: DAY}}
      Sli:
        SliMetric: {MetricType: AVAILABILITY, KeyAttributes: {Type: Service, Name: payments}}
        MetricThreshold: 99
"""
GOOGLE = """\
variable "goal" { default = 0.995 }
locals { window = 28 }
resource "google_monitoring_slo" "availability" {
  service             = google_monitoring_service.payments.service_id
  goal                = var.goal
  rolling_period_days = local.window
  basic_sli {
    availability {}
  }
}
"""
DATADOG = """\
resource "datadog_service_level_objective" "availability" {
  name = "payments"
  type = "metric"
  query {
    numerator   = "sum:requests.ok{service:payments}.as_count()"
    denominator = "sum:requests.all{service:payments}.as_count()"
  }
  thresholds {
    timeframe = "30d"
    target    = 99.9
  }
}
"""
RECORDED = """\
groups:
  - name: slo
    rules:
      - {record: slo:objective:ratio, expr: vector(0.999), labels: {sloth_id: a, sloth_slo: availability}}
      - {record: slo:time_period:days, expr: vector(30), labels: {sloth_id: a}}
      - {record: 'slo:sli_error:ratio_rate5m', expr: 'sum(rate(bad_total[5m])) / sum(rate(all_total[5m]))', labels: {sloth_id: a}}
"""
DATADOG_KIND = """\
apiVersion: datadoghq.com/v1alpha1
kind: DatadogSLO
metadata: {name: payments}
spec:
  name: payments
  type: monitor
  monitorIDs: [123]
  targetThreshold: "99.0"
  timeframe: 7d
"""

SOUND = {
    "openslo": {"slo/payments.yaml": openslo()},
    "openslo in percent": {"slo.yaml": openslo().replace("target: 0.999", "targetPercent: 99.9")},
    "sloth": {"slo.yml": SLOTH},
    "pyrra": {"deploy/slo.yaml": PYRRA},
    "pyrra without its group": {"deploy/slo.yaml": PYRRA.replace("pyrra.dev/", "")},
    "keptn": {"slo.yaml": KEPTN},
    "nobl9": {"n9.yaml": NOBL9},
    "slo-generator": {"slo.yaml": GENERATOR},
    "datadog operator": {"slo.yaml": DATADOG_KIND},
    "homemade": {"docs/slo.yaml": HOMEMADE},
    "homemade, window for all": {"slo.yml": "window: 30d\n" + HOMEMADE.replace("    window: 30d\n", "")},
    "homemade JSON": {
        "slo.json": '{"slos": [{"target": "99.9%", "query": "sum(rate(x_total[5m]))", "window": "30d"}]}'
    },
    "homemade SLIs apart": {
        "slo.yaml": "slis:\n  ok: {query: 'sum(rate(x_total[5m]))'}\nslos:\n  - {sli: ok, target: 99, window: 7d}\n"
    },
    "cloudformation": {"template.yaml": CLOUDFORMATION},
    "google": {"terraform/slo.tf": GOOGLE},
    "datadog": {"terraform/slo.tf": DATADOG},
    "recorded": {"rules/slo.yaml": RECORDED},
    "second document": {"k8s.yaml": "kind: Service\napiVersion: v1\n---\n" + PYRRA},
    "inside a ConfigMap": {
        "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: slos}\ndata:\n  slo.yaml: |\n"
        + indent(SLOTH, "    ")
    },
    "inside a List": {
        "all.yaml": "apiVersion: v1\nkind: List\nitems:\n  - " + indent(PYRRA, "    ").strip() + "\n"
    },
    "chart with default": {
        "chart/Chart.yaml": "name: payments\n",
        "chart/values.yaml": "slo:\n  target: 99.5\n",
        "chart/templates/slo.yaml": "{{- if .Values.slo }}\n"
        + PYRRA.replace('"99.5"', "{{ .Values.slo.target | quote }}")
        + "{{- end }}\n",
    },
}
WEAK = {
    "two of three": ({"slo.yaml": HOMEMADE.replace("    window: 30d\n", "")}, "no window"),
    "openslo without a window": (
        {"slo.yaml": openslo().replace("  timeWindow:\n    - duration: 28d\n", "")},
        "no window",
    ),
    "openslo in the wrong unit": ({"slo.yaml": openslo(target="99.9")}, "not between 0 and 1"),
    "told in words": (
        {
            "docs/slo.yaml": "slos:\n  - {name: a, target: 99.5%, window: 30d, measurement: share of good answers}\n"
        },
        "told in words",
    ),
    "told only by its name": (
        {"slo.yaml": "objectives:\n  availability: {target: 99.0}\n"},
        "told only by its name",
    ),
    "markdown": (
        {"docs/slo.md": "# SLO\n\n| SLI | Target |\n|---|---|\n| Availability | 99.9% |\n"},
        "only a document",
    ),
    "markdown section": ({"README.md": "# x\n\n## SLOs\n\n- p95 latency < 300 ms\n"}, "only a document"),
}
HOLLOW = {
    "nothing": ({"README.md": "# Payments\n"}, "No service level objective"),
    "target 0": ({"slo.yaml": openslo(target="0")}, "asks nothing"),
    "target 1": ({"slo.yaml": openslo(target="1")}, "100 %"),
    "target 100 %": ({"slo.yaml": SLOTH.replace("99.9", "100")}, "100 %"),
    "target 100 in Terraform": ({"slo.tf": DATADOG.replace("99.9", "100")}, "100 %"),
    "empty objectives": ({"slo.yaml": openslo().split("  objectives:")[0] + "  objectives: []\n"}, "empty"),
    "empty list": ({"slo.yaml": "service: payments\nslos: []\n"}, "empty"),
    "query without a metric": ({"slo.yaml": openslo(good="vector(1)", total="vector(1)")}, "names nothing"),
    "query TODO": ({"slo.yaml": openslo(good="TODO")}, "names nothing"),
    "reference that leads nowhere": (
        {
            "slo.yaml": "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {indicatorRef: b, timeWindow: [{duration: 1d}], objectives: [{target: 0.9}]}\n"
        },
        "no file here defines",
    ),
    "target left as a placeholder": ({"slo.yaml": openslo(target="'{{ target }}'")}, "no number"),
    "target TODO": ({"slo.yaml": HOMEMADE.replace("99.9", "TODO")}, ""),
    "prose without a number": (
        {"docs/slo.md": "# SLO\n\nWe want high availability of all requests.\n"},
        "No service level",
    ),
    "markdown TBD": ({"docs/slo.md": "# SLO\n\n| Availability | TBD, maybe 99% |\n"}, "No service level"),
    "markdown 100 %": ({"docs/slo.md": "# SLO\n\n- Availability: 100%\n"}, "100 %"),
    "a switch named so": (
        {"values.yaml": "defaultRules:\n  rules:\n    kubeApiserverSlos: false\n"},
        "No service level",
    ),
    "an example": ({"examples/slo.yaml": openslo()}, "No service level"),
    "the tool itself": ({"go.mod": "module github.com/slok/sloth\n", "slo.yaml": SLOTH}, "No service level"),
    "among tests": ({"tests/slo.yaml": openslo()}, "No service level"),
    "keptn without criteria": (
        {"slo.yaml": "spec_version: '1'\nobjectives:\n  - sli: a\n"},
        "no objective has pass criteria",
    ),
    "a dashboard": (
        {"slo.json": '{"panels": [{"title": "SLO", "target": 99, "expr": "a_b", "window": "30d"}]}'},
        "No service",
    ),
}
UNDECIDED = {
    "chart without default": {
        "chart/Chart.yaml": "name: payments\n",
        "chart/templates/slo.yaml": PYRRA.replace('"99.5"', "{{ .Values.slo.target }}"),
    },
    "terraform without default": {"slo.tf": GOOGLE.replace("{ default = 0.995 }", "{}")},
    "terraform module elsewhere": {
        "main.tf": 'module "slo" {\n  source = "terraform-google-modules/slo/google//modules/slo-native"\n  goal = 0.99\n}\n'
    },
    "jsonnet": {
        "slo.jsonnet": "local slo = import 'slo-libsonnet/slo.libsonnet';\nslo.errorburn({target: 0.999})\n"
    },
}


@pytest.mark.parametrize("files", SOUND.values(), ids=SOUND)
def test_complete_objective_passes(tree: Tree, files: dict[str, str]) -> None:
    result = judge(tree(files))
    assert result.status == "pass", result
    assert result.evidence[0].path in files
    assert not result.fix


@pytest.mark.parametrize(("files", "phrase"), WEAK.values(), ids=WEAK)
def test_incomplete_objective_is_partial(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert result.status == "partial", result
    assert phrase in result.message
    assert result.fix


@pytest.mark.parametrize(("files", "phrase"), HOLLOW.values(), ids=HOLLOW)
def test_hollow_objective_fails(tree: Tree, files: dict[str, str], phrase: str) -> None:
    result = judge(tree(files))
    assert result.status == "fail", result
    assert phrase in result.message
    assert "payments" in result.fix


@pytest.mark.parametrize("files", UNDECIDED.values(), ids=UNDECIDED)
def test_objective_that_cannot_be_read_here_is_unknown(tree: Tree, files: dict[str, str]) -> None:
    assert judge(tree(files)).status == "unknown"


def test_example_of_the_documentation_passes(tree: Tree) -> None:
    example = dedent((slo_defined.__doc__ or "").split("## Example\n")[1].split("## Known limits")[0])
    assert judge(tree({"slo/payments.yaml": example})).status == "pass"


def test_reference_to_an_indicator_of_another_file_counts(tree: Tree) -> None:
    slo = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {indicatorRef: ok, timeWindow: [{duration: 7d}], objectives: [{target: 0.9}]}\n"
    sli = "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: ok}\nspec: {ratioMetric: {raw: {metricSource: {type: Prometheus, spec: {query: 'ok:ratio'}}}}}\n"
    assert judge(tree({"a-slo.yaml": slo, "b-sli.yaml": sli})).status == "pass"


def test_evidence_names_the_line(tree: Tree) -> None:
    result = judge(tree({"slo.yaml": openslo()}))
    assert (result.evidence[0].path, result.evidence[0].line) == ("slo.yaml", 17)
    assert "99.9 %" in result.evidence[0].note


def test_in_a_repository_of_several_services_a_shared_objective_must_name_the_service(tree: Tree) -> None:
    assert judge(tree({"slo/all.yaml": openslo()}), AMONG).status == "pass"
    other = judge(tree({"slo/all.yaml": openslo(service="cart")}), AMONG)
    assert other.status == "fail"
    assert other.not_counted[0].why == "is an objective of `cart`"
    assert judge(tree({"slo/all.yaml": openslo(service="payments-api")}), AMONG).status == "fail"


def test_an_objective_in_the_service_s_own_folder_counts(tree: Tree) -> None:
    assert judge(tree({"services/payments/slo.yaml": openslo(service="any")}), AMONG).status == "pass"
    assert judge(tree({"services/cart/slo.yaml": openslo()}), AMONG).status == "fail"


def test_what_a_page_shows_of_an_objective(tree: Tree) -> None:
    (found,) = objectives(tree({"slo.yaml": openslo()}))
    assert (found.name, found.service, found.target, found.window) == (
        "availability",
        "payments",
        0.999,
        "28d",
    )
    assert found.dialect == "OpenSLO"
    assert "http_requests_total" in found.indicator


def pointing(at: str) -> Service:
    return replace(ALONE, annotations={"handrail.dev/evidence": at})


def test_evidence_in_another_repository_counts_where_the_descriptor_names_it(tree: Tree) -> None:
    there = tree({"slo/a.yaml": openslo(), "other/README.md": "# Other\n"})
    here = tree({"README.md": "# Payments\n"})
    facts = replace(FACTS, repositories={"shop/reliability": there})
    for at in ("shop/reliability", "shop/reliability:slo"):
        result = slo_defined.evaluate(here, pointing(at), facts, {})
        assert result.status == "pass"
        assert result.evidence[0].path == "shop/reliability:slo/a.yaml"
    missing = slo_defined.evaluate(here, pointing("shop/gone"), facts, {})
    assert missing.status == "unknown"
    assert facts.asked["commit of repository shop/gone"] is None
    assert judge(here).status == "fail"


_ENDINGS = st.sampled_from(["slo.yaml", "slo.json", "slo.tf", "slo.md", "chart/templates/slo.yaml"])
_PIECES = st.sampled_from(
    [
        *"{}[]:-\n\"'|&*#%$<",
        "slos:",
        " target: ",
        "kind: SLO",
        "apiVersion: openslo/v1",
        "\n  ",
        "99.9%",
        "spec:",
        "${",
        "{{",
        "resource ",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=_ENDINGS, text=st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=60).map("".join)))
def test_arbitrary_content_never_raises(tree: Tree, path: str, text: str) -> None:
    encoded = text.encode("utf-8", "replace").decode()
    assert judge(tree({path: encoded, "chart/Chart.yaml": "name: x\n"})).status in (
        "pass",
        "partial",
        "fail",
        "unknown",
    )
