"""Whether descriptor and README say what a service is and how to run it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.discovery import discover
from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.checks import described
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
UNDECLARED = Service(Ref("component", "default", "payments"), "service")


def declared(
    description: str | None = "Takes card payments for the shop", lifecycle: str | None = "production"
) -> Service:
    lines = ["kind: Component", "metadata:", "  name: payments"]
    lines += [f"  description: {description}"] if description is not None else []
    lines += ["spec:", "  type: service"]
    lines += [f"  lifecycle: {lifecycle}"] if lifecycle is not None else []
    document = parse_yaml("\n".join(lines), "catalog-info.yaml").documents[0]
    return replace(UNDECLARED, document=document, description=description, lifecycle=lifecycle)


def judge(snapshot: Snapshot, service: Service) -> Result:
    return described.evaluate(snapshot, service, Facts(date(2026, 11, 24)), {})


SOUND = "# payments\n\nTakes card payments for the shop.\n\n## Run it\n\n    make run\n"

READMES = {
    "a command": SOUND,
    "a link to a document": "# payments\n\nTakes card payments.\n\nHow to run it: see [the"
    " guide](docs/running.md).\n",
    "badges first": "# payments\n\n[![ci](https://x/y.svg)](https://x)\n\nTakes card payments.\n\n"
    "`docker run acme/pay`\n",
    "a usage section in prose": "# payments\n\nTakes card payments.\n\n## Usage\n\nOpen the page and"
    " choose a customer.\n",
    "German": "# Zahlungen\n\nWickelt Kartenzahlungen des Ladens ab.\n\n## Starten\n\nDen Dienst im"
    " Portal anlegen.\n",
    "French": "# Paiements\n\nEncaisse les paiements par carte.\n\n## Démarrage\n\nOuvrir le portail"
    " et créer le service.\n",
    "Spanish": "# Pagos\n\nCobra los pagos con tarjeta.\n\n## Cómo ejecutar\n\nAbrir el portal y"
    " crear el servicio.\n",
    "Portuguese": "# Pagamentos\n\nRecebe pagamentos com cartão.\n\n## Instalação\n\nAbra o portal e"
    " crie o serviço.\n",
    "Russian": "# Платежи\n\nПринимает платежи по картам.\n\n## Запуск\n\nОткройте портал и создайте"
    " сервис.\n",
    "Japanese": "# 決済\n\nカード決済を処理するサービスです。\n\n## 起動方法\n\n"
    "ポータルを開いてサービスを作成し、設定を入力してから開始します。\n",
    "Chinese": "# 支付\n\n处理商店的银行卡支付。\n\n## 快速开始\n\n"
    "打开门户网站，创建一个新的服务，然后填写所有的配置信息并启动它。\n",
    "Korean": "# 결제\n\n카드 결제를 처리하는 서비스입니다.\n\n## 실행 방법\n\n"
    "포털을 열고 서비스를 만든 다음 설정을 입력하고 시작합니다.\n",
    "an about section": "# payments\n\n## Table of contents\n\n## About\n\nTakes card payments.\n\n##"
    " Start\n\n`make run`\n",
    "own text before a generator's": "# payments\n\nTakes card payments for the shop.\n\nThis project"
    " was bootstrapped with"
    " [Create React App](https://x).\n\n## Available Scripts\n\n### `npm start`\n",
}


@pytest.mark.parametrize("case", READMES)
def test_descriptor_and_readme_pass_together(tree: Tree, case: str) -> None:
    result = judge(tree({"README.md": READMES[case], "docs/running.md": "# Running\n"}), declared())
    assert result.status == "pass", (result.message, result.not_counted)
    assert {e.path for e in result.evidence} == {"catalog-info.yaml", "README.md"}
    assert all(e.line for e in result.evidence)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.rst", "Payments\n========\n\nTakes card payments.\n\nRun it::\n\n    make run\n"),
        ("README.adoc", "= payments\n\nTakes card payments.\n\n----\nmake run\n----\n"),
        ("README", "Payments takes card payments.\n\nRun it with `make run`.\n"),
        ("readme.md", SOUND),
        ("docs/README.md", SOUND),
        (".github/README.md", SOUND),
    ],
)
def test_a_readme_may_have_any_form(tree: Tree, path: str, text: str) -> None:
    assert judge(tree({path: text}), declared()).status == "pass"


STARTERS = {
    "Create React App": "# Getting Started with Create React App\n\nThis project was bootstrapped"
    " with [Create React App](https://x)."
    "\n\n## Available Scripts\n\n### `npm start`\n\nRuns the app in the development mode.\n",
    "Backstage": "# [Backstage](https://backstage.io)\n\nThis is your newly scaffolded Backstage App,"
    " Good Luck!\n\nTo start the"
    " app, run:\n\n```sh\nyarn install\nyarn start\n```\n",
    "GitLab": "# payments\n\n## Getting started\n\nTo make it easy for you to get started with"
    " GitLab, here's a list of recommended"
    " next steps.\n\n## Add your files\n\n```\ngit push -uf origin main\n```\n",
    "Next.js": "This is a [Next.js](https://nextjs.org) project bootstrapped with"
    " [`create-next-app`](https://x).\n\n## Getting"
    " Started\n\n```bash\nnpm run dev\n```\n",
    "Rails": "# README\n\nThis README would normally document whatever steps are necessary to get"
    " the\napplication up and running.\n"
    "\nThings you may want to cover:\n\n* Ruby version\n",
    "Angular CLI": "# Payments\n\nThis project was generated with [Angular CLI](https://x) version"
    " 17.0.0.\n\n## Development server\n"
    "\nRun `ng serve`.\n",
    "Flutter": "# payments\n\nA new Flutter project.\n\n## Getting Started\n\nThis project is a"
    " starting point for a Flutter application.\n",
    "Quarkus": "# payments\n\nThis project uses Quarkus, the Supersonic Subatomic Java Framework.\n\n"
    "```\n./mvnw quarkus:dev\n```\n",
    "Azure DevOps": "# Introduction\nTODO: Give a short introduction of your project.\n\n# Build and"
    " Test\nTODO: Describe it.\n",
    "Vite": "# React + Vite\n\nThis template provides a minimal setup to get React working in Vite"
    " with HMR.\n",
}


@pytest.mark.parametrize("generator", STARTERS)
def test_the_text_that_a_generator_left_fails(tree: Tree, generator: str) -> None:
    result = judge(tree({"README.md": STARTERS[generator]}), UNDECLARED)
    assert result.status == "fail", result.evidence
    assert generator in result.not_counted[0].why
    assert "README.md" in result.fix


HOLLOW = {
    "heading only": "# payments\n",
    "name only": "# payments\n\nPayments.\n",
    "to-do": "# payments\n\nTODO\n\n## Run\n\nTBD\n",
    "lorem": "# payments\n\nLorem ipsum dolor sit amet.\n",
    "badges only": "# payments\n\n[![ci](https://x/y.svg)](https://x)\n",
    "empty": "",
    "placeholder": "# <project name>\n\n<description>\n\n## Install\n\nTBD\n",
}


@pytest.mark.parametrize("case", HOLLOW)
def test_a_hollow_readme_fails(tree: Tree, case: str) -> None:
    assert judge(tree({"README.md": HOLLOW[case]}), UNDECLARED).status == "fail"


@pytest.mark.parametrize(
    ("files", "service", "lacking"),
    [
        ({"README.md": SOUND}, UNDECLARED, "descriptor"),
        ({}, declared(), "README"),
        ({"README.md": "# payments\n"}, declared(), "what it is"),
        ({"README.md": STARTERS["Vite"]}, declared(), "of its own"),
        ({"README.md": "# payments\n\nTakes card payments.\n"}, declared(), "how to run it"),
        ({"README.md": "# payments\n\n`make run`\n"}, declared(), "what it is"),
        ({"README.md": SOUND}, declared(lifecycle=None), "lifecycle"),
        ({"README.md": SOUND}, declared(lifecycle="unknown"), "lifecycle"),
        ({"README.md": SOUND}, declared(description=None), "description"),
        ({"README.md": SOUND}, declared(description="payments service"), "description"),
        ({"README.md": SOUND}, declared(description="TODO"), "description"),
    ],
)
def test_a_part_of_it_is_partial_and_the_rest_is_named(
    tree: Tree, files: dict[str, str], service: Service, lacking: str
) -> None:
    result = judge(tree({"x": "", **files}), service)
    assert result.status == "partial", result
    assert lacking in result.message
    assert result.fix


def test_of_many_services_each_has_its_own_readme(tree: Tree) -> None:
    service = replace(declared(), path="services/payments", neighbours=("services/orders",))
    assert judge(tree({"README.md": SOUND}), service).status == "partial"
    assert judge(tree({"services/payments/README.md": SOUND}), service).status == "pass"


def test_the_example_of_the_documentation_passes(tree: Tree) -> None:
    _, _, example = described.__doc__.partition("## Example\n")
    text = dedent(example.partition("## Known limits")[0]).strip("\n")
    descriptor, _, readme = text.partition("\n# README.md\n")
    snapshot = tree({"catalog-info.yaml": descriptor, "README.md": readme})
    (service,) = discover(snapshot).services
    assert judge(snapshot, service).status == "pass"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.text(max_size=500), st.text(max_size=100), st.text(max_size=30))
def test_any_text_is_judged(tree: Tree, readme: str, description: str, lifecycle: str) -> None:
    clean = readme.encode("utf-8", "replace").decode()
    service = replace(declared(), description=description, lifecycle=lifecycle)
    assert judge(tree({"README.md": clean}), service).status in ("pass", "partial", "fail")
