"""Datadog's entities, version 3, read into Backstage's model."""

from collections.abc import Callable

from catalog.discovery import discover
from catalog.entity import Entity
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

WHOLE = """\
apiVersion: v3
kind: system
metadata:
  name: tickets
  displayName: Tickets
  owner: travel
spec:
  components:
    - service:fares
    - datastore:fares-db
    - service:elsewhere
---
apiVersion: v3
kind: service
metadata:
  name: fares
  owner: pricing
  additionalOwners:
    - {name: Data Team, type: operator}
  description: Works out what a ticket costs
  tags: ["env:live"]
  links:
    - {name: Runbook, type: runbook, url: "https://wiki.example.com/fares"}
  contacts:
    - {name: #fares, type: slack, contact: "https://acme.slack.com/archives/C1"}
spec:
  type: web
  tier: "0"
  lifecycle: beta
  languages: [go]
  dependsOn: [datastore:fares-db, queue:bookings]
integrations:
  pagerduty:
    serviceURL: https://acme.pagerduty.com/service-directory/PFARES
datadog:
  codeLocations:
    - repositoryURL: https://github.com/acme/train.git
      paths: ["services/fares/**"]
---
apiVersion: v3
kind: datastore
metadata: {name: fares-db, owner: pricing}
spec:
  dependencyOf: [service:fares]
---
apiVersion: v3
kind: queue
metadata: {name: bookings}
spec: {type: kafka, componentOf: [system:messages]}
---
apiVersion: v3
kind: api
metadata: {name: fares-api}
spec:
  interface: {definition: {openapi: 3.0.0}}
---
apiVersion: v3
kind: laboratory
metadata: {name: test-bench, inheritFrom: "service:fares"}
"""


def read(tree: Tree, text: str = WHOLE) -> dict[str, Entity]:
    found = discover(
        tree({"entity.datadog.yaml": text.replace("{name: #fares, ", "{"), "services/fares/main.go": ""})
    )
    return {str(e.ref): e for e in found.entities}


def test_each_kind_becomes_one_of_backstage_s(tree: Tree) -> None:
    assert {ref: e.type for ref, e in read(tree).items()} == {
        "system:default/tickets": None,
        "component:default/fares": "web",
        "resource:default/fares-db": "datastore",
        "resource:default/bookings": "kafka",
        "api:default/fares-api": "openapi",
        "component:default/test-bench": "web",
    }


def test_a_service_has_what_its_document_says(tree: Tree) -> None:
    fares = read(tree)["component:default/fares"]
    assert (fares.owner, fares.lifecycle, fares.labels["tier"]) == ("group:default/pricing", "beta", "0")
    assert fares.annotations["handrail.dev/lifecycle"] == "experimental"
    assert fares.tags == ("env:live", "go")
    assert fares.annotations["pagerduty.com/service-id"] == "PFARES"
    assert fares.annotations["github.com/project-slug"] == "acme/train"
    assert ("ownedBy", "group:default/data-team") in [(r.type, r.target) for r in fares.relations]
    assert [r.target for r in fares.relations if r.type == "dependsOn"] == [
        "resource:default/fares-db",
        "resource:default/bookings",
    ]


def test_a_code_location_is_the_folder(tree: Tree) -> None:
    files = {"entity.datadog.yaml": WHOLE.replace("{name: #fares, ", "{"), "services/fares/main.go": ""}
    service = next(s for s in discover(tree(files)).services if s.ref.name == "fares")
    assert (service.path, service.type) == ("services/fares", "service")


def test_the_system_is_the_one_it_names_or_the_one_that_names_it(tree: Tree) -> None:
    found = read(tree)
    assert found["component:default/fares"].system == "system:default/tickets"
    assert found["resource:default/fares-db"].system == "system:default/tickets"
    assert found["resource:default/bookings"].system == "system:default/messages"
    parts = [r.target for r in found["system:default/tickets"].relations if r.type == "hasPart"]
    assert "component:default/elsewhere" in parts


def test_what_is_absent_is_inherited_and_a_custom_kind_is_noted(tree: Tree) -> None:
    bench = read(tree)["component:default/test-bench"]
    assert (bench.owner, bench.lifecycle, bench.ref.name) == ("group:default/pricing", "beta", "test-bench")
    found = discover(tree({"entity.datadog.yaml": "apiVersion: v3\nkind: laboratory\nmetadata: {name: a}\n"}))
    assert not found.problems
    assert ["`laboratory`" in n.message for n in found.notes] == [True]
    assert [e.type for e in found.entities] == ["laboratory"]


def test_entities_that_inherit_in_a_circle_end(tree: Tree) -> None:
    text = "---\n".join(
        f"apiVersion: v3\nkind: service\nmetadata: {{name: {a}, inheritFrom: 'service:{b}'}}\n"
        for a, b in (("a", "b"), ("b", "a"), ("c", "c"))
    )
    assert sorted(read(tree, text)) == ["component:default/a", "component:default/b", "component:default/c"]


def test_versions_may_stand_in_each_other_s_file_and_in_one(tree: Tree) -> None:
    text = (
        "schema-version: v2.2\ndd-service: old\n---\napiVersion: v3\nkind: service\nmetadata: {name: new}\n"
    )
    found = discover(tree({"service.datadog.yaml": text}))
    assert {(e.ref.name, e.form) for e in found.entities} == {("old", "datadog"), ("new", "datadog_entities")}
    assert not found.problems


def test_what_is_wrong_is_told_with_its_line(tree: Tree) -> None:
    head = "apiVersion: v3\nkind: service\nmetadata:\n  name: a\n  links: [{name: b}]\n"
    text = f"{head}spec:\n  dependsOn: x\nextra: 1\n"
    found = discover(tree({"entity.datadog.yaml": text}))
    assert [(p.line, p.message.partition(".")[0] if p.line == 8 else p.message) for p in found.problems] == [
        (5, "`metadata.links[0].type` is missing. Write a type, for example `runbook`."),
        (5, "`metadata.links[0].url` is missing. Write the whole address."),
        (7, "`spec.dependsOn` is text, not a list. Write a list of what is meant, each as `kind:name`."),
        (8, "`extra` is no field here"),
    ]


def test_a_kubernetes_file_is_none(tree: Tree) -> None:
    found = discover(tree({"entity.datadog.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"}))
    assert (found.entities, found.problems) == ((), ())
