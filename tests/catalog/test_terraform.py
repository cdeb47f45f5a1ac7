"""How Terraform modules are read: what defaults, locals and inputs make of a resource."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from catalog.evaluation import Unknown
from catalog.snapshot import Snapshot
from catalog.terraform import Resource, terraform

Tree = Callable[[dict[str, str]], Snapshot]


def made(snapshot: Snapshot, *wanted: str) -> list[Resource]:
    return list(terraform(snapshot).resources(wanted or ("r",)))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("var.known", 0.99),
        ("local.twice", 2),
        ("var.nobody", "${var.nobody}"),
        ("other.thing.id", "${other.thing.id}"),
        ('"${var.name}-${local.twice}"', "pay-2"),
        ('format("%s is %d%%", var.name, 3)', "pay is 3%"),
        ('join(" AND ", ["a", "b"])', "a AND b"),
        ("100 - 0.1", 99.9),
        ("99.5 / 100", 0.995),
        ('var.name == "pay" ? 1 : 2', 1),
        ('lookup(var.map, "b", 7)', 7),
        ('coalesce(null, "x")', "x"),
        ("var.map.a", 5),
        ('var.map["a"]', 5),
        ("local.loop", "${local.loop}"),
    ],
)
def test_expressions_are_evaluated_as_far_as_the_files_tell(tree: Tree, written: str, value: Any) -> None:
    head = 'variable "known" { default = 0.99 }\nvariable "name" { default = "pay" }\nvariable "nobody" {}\n'
    head += 'variable "map" {\n  default = { a = 5 }\n}\nlocals {\n  twice = 2\n  loop = local.loop\n}\n'
    (resource,) = made(tree({"a.tf": head, "b.tf": f'resource "r" "x" {{\n  v = {written}\n}}\n'}))
    assert resource.values["v"] == value
    assert resource.values.lines["v"] == 2


def test_for_each_makes_an_instance_for_each_entry(tree: Tree) -> None:
    text = 'variable "all" {\n  default = { a = { goal = 1 }, b = { goal = 2 } }\n}\n'
    text += 'resource "r" "x" {\n  for_each = var.all\n  name = each.key\n  goal = each.value.goal\n}\n'
    assert [(r.values["name"], r.values["goal"]) for r in made(tree({"main.tf": text}))] == [
        ("a", 1),
        ("b", 2),
    ]


def test_dynamic_blocks_are_spelled_out(tree: Tree) -> None:
    part = 'dynamic "part" {\n    for_each = [1, 2]\n    content {\n      n = part.value\n    }\n  }\n'
    text = 'resource "r" "x" {\n  ' + part + "}\n"
    (resource,) = made(tree({"main.tf": text}))
    assert [part["n"] for part in resource.values["part"]] == [1, 2]


def test_a_module_s_resources_take_the_caller_s_inputs(tree: Tree) -> None:
    files = {
        "main.tf": 'module "one" {\n  source = "./modules/slo"\n  goal = 0.9\n}\n',
        "modules/slo/main.tf": 'variable "goal" { default = 1 }\nresource "r" "x" {\n  goal = var.goal\n}\n',
    }
    (resource,) = made(tree(files))
    assert (resource.values["goal"], resource.path) == (0.9, "modules/slo/main.tf")


def test_tfvars_that_terraform_reads_by_itself_count(tree: Tree) -> None:
    files = {
        "main.tf": 'variable "g" {}\nresource "r" "x" {\n  g = var.g\n}\n',
        "terraform.tfvars": "g = 3\n",
    }
    (resource,) = made(tree(files))
    assert resource.values["g"] == 3


def test_an_instance_counted_to_none_is_not_there(tree: Tree) -> None:
    assert made(tree({"main.tf": 'resource "r" "x" {\n  count = 0\n}\n'})) == []


def test_what_only_a_plan_knows_is_unknown(tree: Tree) -> None:
    (resource,) = made(tree({"main.tf": 'resource "r" "x" {\n  v = data.a.b.c\n}\n'}))
    assert isinstance(resource.values["v"], Unknown)


@pytest.mark.parametrize("form", ["[{0}, {0}]", '"${{{0}}}${{{0}}}"', "concat({0}, {0})"])
def test_definitions_that_double_are_bounded(tree: Tree, form: str) -> None:
    lines = [f"  l{n} = " + form.format(f"local.l{n + 1}") for n in range(60)]
    text = "locals {\n" + "\n".join(lines) + '\n  l60 = ["x"]\n}\nresource "r" "x" {\n  v = local.l0\n}\n'
    began = time.process_time()
    assert made(tree({"main.tf": text}))
    assert time.process_time() - began < 15
