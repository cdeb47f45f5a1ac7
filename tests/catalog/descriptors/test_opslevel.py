"""OpsLevel's files, read into Backstage's model."""

from collections.abc import Callable

from catalog.discovery import discover
from catalog.snapshot import Snapshot

Tree = Callable[[dict[str, str]], Snapshot]

WHOLE = """\
version: 1
service:
  name: Fare Engine
  owner: pricing_team
  tier: TIER_1
  lifecycle: generally_available
  description: Works out what a ticket costs
  product: Tickets
  language: Go
  framework:
  system: checkout
  aliases: [fares, fare_engine]
  tags:
  - key: pci
    value: yes
  - key: db
    value: "12"
  tools:
  - {name: Grafana, category: metrics, url: "https://grafana.example.com/d/1", environment: Live}
  - {name: Runbook, category: runbooks, url: "https://wiki.example.com/fares", environment: }
  - {name: Nothing, category: other, url: }
  repositories:
  - {name: acme/fares, path: /services/fares, provider: github, display_name: null}
  dependencies:
  - alias: seat-map
    notes: for prices by seat
  - alias: Old Ledger
  alert_sources:
  - {type: pagerduty, external_id: PABC123}
  - {type: datadog, external_id: 42}
"""


def test_a_service_becomes_a_component_with_what_the_file_says(tree: Tree) -> None:
    found = discover(tree({"opslevel.yml": WHOLE, "main.go": "package main\n"}))
    (entity,) = found.entities
    assert not found.problems
    assert (str(entity.ref), entity.title, entity.owner) == (
        "component:default/fare-engine",
        "Fare Engine",
        "group:default/pricing_team",
    )
    assert (entity.lifecycle, entity.annotations["handrail.dev/lifecycle"]) == (
        "generally_available",
        "production",
    )
    assert (entity.labels["tier"], entity.annotations["handrail.dev/tier"]) == ("TIER_1", "1")
    assert entity.system == "system:default/checkout"
    assert entity.tags == ("Go", "pci:true", "db:12")
    assert [(link["title"], link["type"]) for link in entity.links] == [
        ("Grafana Live", "metrics"),
        ("Runbook", "runbooks"),
    ]
    assert entity.annotations["pagerduty.com/service-id"] == "PABC123"
    assert entity.annotations["github.com/project-slug"] == "acme/fares"
    assert entity.annotations["handrail.dev/product"] == "Tickets"
    assert entity.spec["dependsOn"] == ["component:seat-map", "component:default/old-ledger"]
    assert entity.document.line_of("spec", "owner") == 4
    assert entity.document.line_of("metadata", "links", 1) == 20


def test_empty_keys_are_no_errors_and_an_empty_list_claims_nothing(tree: Tree) -> None:
    empty = "".join(f"  {key}:\n" for key in ("owner", "tier", "tags", "language"))
    text = f"---\nversion: 1\nservice:\n  name: Portal\n{empty}  tools: []\n  dependencies: []\n"
    found = discover(tree({"opslevel.yml": text}))
    assert not found.problems
    (entity,) = found.entities
    assert "owner" not in entity.spec
    assert "dependsOn" not in entity.spec
    assert not entity.links


def test_the_version_may_be_missing_and_the_ending_may_be_yaml(tree: Tree) -> None:
    found = discover(tree({"opslevel.yaml": "service:\n  name: portal\n"}))
    assert [str(s.ref) for s in found.services] == ["component:default/portal"]
    assert not found.problems


def test_a_component_has_a_type_of_its_own_and_a_domain(tree: Tree) -> None:
    text = "version: 1\ncomponent:\n  name: nightly\n  type: worker\n  domain: money\n  owner: ops\n"
    (entity,) = discover(tree({"opslevel.yml": text})).entities
    assert entity.type == "worker"
    assert [(r.type, r.target) for r in entity.relations] == [
        ("ownedBy", "group:default/ops"),
        ("partOf", "domain:default/money"),
    ]


REPOSITORY = "---\nversion: 1\nrepository:\n  owner: sdk_team\n  tier: tier_3\n  tags:\n"


def test_a_repository_form_speaks_of_the_service_that_the_files_make(tree: Tree) -> None:
    found = discover(
        tree(
            {
                "opslevel.yml": REPOSITORY,
                "pyproject.toml": "[project]\nname = 'x'\n",
                "README.md": "# X\n\nSays hello.\n",
            }
        )
    )
    (service,) = found.services
    assert (str(service.ref), service.type, service.declared_type) == (
        "component:default/payments",
        "library",
        "repository",
    )
    assert service.owner == "group:default/sdk_team"
    assert service.description == "Says hello."
    assert service.state == "declared"


def test_a_repository_form_beside_one_component_adds_to_it(tree: Tree) -> None:
    backstage = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: pay}\n"
        "spec: {type: service, lifecycle: production, owner: group:sdk_team}\n"
    )
    (entity,) = discover(tree({"opslevel.yml": REPOSITORY, "catalog-info.yaml": backstage})).entities
    assert (str(entity.ref), entity.type) == ("component:default/pay", "service")
    assert entity.annotations["handrail.dev/tier"] == "3"
    assert not entity.contradictions


def test_a_repository_form_beside_several_components_is_only_noted(tree: Tree) -> None:
    files = {f"{name}/opslevel.yml": f"service:\n  name: {name}\n" for name in ("a", "b")}
    found = discover(tree({"opslevel.yml": REPOSITORY, **files}))
    assert sorted(str(s.ref) for s in found.services) == ["component:default/a", "component:default/b"]
    assert not found.problems
    assert ["2 services" in note.message for note in found.notes] == [True]


def test_what_is_wrong_is_told_with_its_field_and_line(tree: Tree) -> None:
    text = "version: 2\nservice:\n  name: a\n  owner: b\n  owner: c\n  tier:\n  tags: x\n"
    found = discover(tree({"opslevel.yml": text}))
    assert [(p.line, p.message) for p in found.problems] == [
        (1, "`version` cannot be the number `2`. Write `1`, the only version there is."),
        (5, "`owner` is written twice in one mapping. Keep one of the two."),
        (7, "`service.tags` is text, not a list. Write a list of tags, each with `key` and `value`."),
    ]
    assert [str(s.ref) for s in found.services] == ["component:default/a"]


def test_a_service_without_a_name_is_told_and_its_folder_is_its_name(tree: Tree) -> None:
    found = discover(tree({"pay/opslevel.yml": "version: 1\nservice:\n  owner: a\n", "pay/main.go": ""}))
    assert [p.message for p in found.problems] == ["`service.name` is missing. Write the service's name."]
    assert [(str(s.ref), s.state) for s in found.services] == [("component:default/pay", "undeclared")]


def test_a_file_that_is_no_yaml_keeps_the_name_it_has(tree: Tree) -> None:
    text = "version: 1\nservice:\n  name: Fare Engine\n  tags: [\n"
    found = discover(tree({"opslevel.yml": text}))
    assert [p.kind for p in found.problems] == ["syntax"]
    assert [(str(s.ref), s.state) for s in found.services] == [
        ("component:default/fare-engine", "undeclared")
    ]


def test_another_product_s_file_of_the_name_is_only_noted(tree: Tree) -> None:
    found = discover(tree({"opslevel.yml": "service:\n  name: a\nports: [80]\n", "main.go": ""}))
    assert not found.entities
    assert not found.problems
    assert [note.path for note in found.notes] == ["opslevel.yml"]
    assert found.services[0].state == "undeclared"
