"""Charts are rendered as Helm would as far as a verdict needs it, and every line knows where it came from."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.document import parse_yaml
from catalog.snapshot import Snapshot
from scorecards.reading.helm import charts
from scorecards.reading.helm.parts import split
from scorecards.reading.helm.render import Templates, TooMuch

Tree = Callable[[dict[str, str]], Snapshot]
VALUES = """\
name: payments
count: 3
off: false
empty: {}
resources: {limits: {cpu: 100m, memory: 1Gi}}
list: [a, b]
text: "say \\"so\\""
"""


def render(text: str, values: str = VALUES, helpers: str = "") -> str:
    held = parse_yaml(values, "values.yaml").documents[0].data
    files = {"a.yaml": split(text), "_helpers.tpl": split(helpers)}
    return Templates(files, held, "chart").render("a.yaml").text


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("x: {{ .Values.name }}", "x: payments"),
        ("x: {{ .Values.gone }}", "x: "),
        ("x: {{ .Values.gone | default 2 }}", "x: 2"),
        ('x: {{ default "y" .Values.gone }}', "x: y"),
        ("x: {{ .Values.name | quote }}", 'x: "payments"'),
        ("x: {{ .Release.Name }}-{{ .Chart.Name }}", "x: chart-chart"),
        ('x: {{ printf "%s-%d" .Values.name 2 }}', "x: payments-2"),
        ("{{ if .Values.off }}a{{ else }}b{{ end }}", "b"),
        ("{{ if not .Values.off }}a{{ else }}b{{ end }}", "a"),
        ("{{ if .Values.off }}a{{ else if .Values.name }}b{{ else }}c{{ end }}", "b"),
        ("{{ if and .Values.name (not .Values.off) }}a{{ end }}", "a"),
        ("{{ if or .Values.off .Values.empty }}a{{ else }}b{{ end }}", "b"),
        ("{{ if eq .Values.name \"payments\" }}a{{ end }}", "a"),
        ("{{ if gt (int .Values.count) 1 }}a{{ end }}", "a"),
        ("{{ if .Capabilities.APIVersions.Has \"policy/v1\" }}a{{ end }}", "a"),
        ("{{ if .Values.empty }}a{{ end }}", ""),
        ("{{ range .Values.list }}{{ . }},{{ end }}", "a,b,"),
        ("{{ range $i, $v := .Values.list }}{{ $i }}{{ $v }}{{ end }}", "0a1b"),
        ("{{ range .Values.gone }}x{{ else }}none{{ end }}", "none"),
        ("{{ with .Values.resources }}{{ .limits.cpu }}{{ end }}", "100m"),
        ("{{ $x := .Values.name }}{{ $x }}", "payments"),
        ("{{- /* a note {{ here */ -}} x", "x"),
        ("a \n  {{- if true }}\n b\n{{- end }}", "a\n b"),
        ("{{ `{{ kept }}` }}", "{{ kept }}"),
        ("{{ if .Values.off }}a{{ end }}b", "b"),
        ("{{ (.Values.resources).limits.memory }}", "1Gi"),
        ('{{ index .Values.list 1 }}{{ get .Values.resources "gone" }}', "b"),
        ("{{ ternary 1 2 .Values.off }}", "2"),
        ("x: {{ lookup 1 2 }}", "x: unknown-here"),
        ("x: {{ .Values.text | squote }}", 'x: "say \\"so\\""'),
    ],
)  # fmt: skip
def test_expressions_come_to_what_helm_makes_of_them(text: str, becomes: str):
    assert render(text) == becomes


def test_helpers_are_included_with_their_own_dot():
    helpers = '{{- define "x.name" -}}\n{{ .Values.name | trunc 3 }}\n{{- end }}'
    assert render('n: {{ include "x.name" . | upper }}', helpers=helpers) == "n: PAY"
    assert render('n: {{ template "x.name" . }}', helpers=helpers) == "n: pay"
    assert render('n: {{ include "gone" . }}', helpers=helpers) == "n: unknown-here"


def test_yaml_keeps_its_place_and_knows_its_line():
    text = "a:\n  b: 1\n  r:\n    {{- toYaml .Values.resources | nindent 4 }}\n  c: 2\n"
    held = parse_yaml(VALUES, "values.yaml").documents[0].data
    rendered = Templates({"a.yaml": split(text)}, held, "chart").render("a.yaml")
    (document,) = parse_yaml(rendered.text, "a.yaml").documents
    assert document.get("a", "r", "limits", "memory") == "1Gi"
    assert rendered.at(document.line_of("a", "b")) == 2
    assert rendered.at(document.line_of("a", "r", "limits")) == 4
    assert rendered.at(document.line_of("a", "c")) == 5


@pytest.mark.parametrize(
    "text",
    [
        '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
        "{{ range $.Values.list }}" * 15 + "{{ range list 1 2 3 4 }}" * 12 + "x" + "{{ end }}" * 27,
        "{{ (" + "(" * 500 + "1" + ")" * 501 + " }}",
    ],
)
def test_what_does_not_end_is_given_up(text: str):
    with pytest.raises(TooMuch):
        render(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*("{{", "}}", "{{-", "-}}", "if", "else", "end", "range", "with", ".Values.x", "$x", ":=", "|"),
             *("toYaml", "nindent", "4", '"', "`", "(", ")", ".", "include", "define", '"a"', "a: 1", "eq")]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_template_is_read_in_peace(parts: list[str]):
    with suppress(TooMuch):
        assert isinstance(render(" ".join(parts)), str)


def test_a_chart_is_rendered_with_each_environment(tree: Tree):
    files = {
        "chart/Chart.yaml": "name: payments\n",
        "chart/values.yaml": "replicas: 1\nimage: {tag: a}\n",
        "chart/values-prod.yaml": "replicas: 4\n",
        "chart/templates/d.yaml": (
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n"
            "  tag: {{ .Values.image.tag }}\n"
        ),
        "chart/templates/broken.yaml": "kind: Deployment\nspec: [{{ .Values.replicas }}\n",
        "chart/templates/map.yaml": "kind: ConfigMap\n",
    }
    (chart,) = charts(tree(files))
    assert [
        (m.values, m.document.get("spec", "replicas"), m.document.get("spec", "tag")) for m in chart.manifests
    ] == [
        ("chart/values.yaml", 1, "a"),
        ("chart/values-prod.yaml", 4, "a"),
    ]
    assert [path for path, _ in chart.broken] == ["chart/templates/broken.yaml"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("{}:- \n[]'\"x1", max_size=60))
def test_values_of_any_shape_are_read_in_peace(tree: Tree, values: str):
    files = {
        "Chart.yaml": values,
        "values.yaml": values,
        "templates/d.yaml": "kind: Deployment\nspec: {{ toYaml .Values.x | nindent 2 }}{{ .Values.x.y.z }}\n",
    }
    assert len(charts(tree(files))) == 1
