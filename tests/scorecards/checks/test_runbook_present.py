"""What counts as a runbook, told by its content, in many languages and formats."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from catalog.document import parse_yaml
from catalog.ref import Ref
from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.trees.folder import FolderTree
from scorecards.checks import runbook_present
from scorecards.facts import Facts
from scorecards.result import Result

Tree = Callable[[dict[str, str]], Snapshot]
PAYMENTS = Service(Ref("component", "default", "payments"), "service")
FACTS = Facts(date(2026, 11, 24))


def judge(snapshot: Snapshot, service: Service = PAYMENTS) -> Result:
    return runbook_present.evaluate(snapshot, service, FACTS, {})


SOUND = """\
# Runbook: payments

## Alert: PaymentsErrorRateHigh

**Symptom:** more than 2 % of requests answer 5xx; customers cannot pay.

### Diagnose

1. `kubectl -n payments logs deploy/payments --since=10m` shows which call fails.
2. Compare the error rate by version on the payments dashboard.

### Mitigate

- After a deployment: `kubectl -n payments rollout undo deploy/payments`.
- Database unavailable: fail over with `scripts/failover.sh`.
"""

LANGUAGES = {
    "en": (
        "docs/runbook.md",
        """\
        # When payments fails
        ## What you see
        The alert PaymentsDown fires and the error rate is above 5 %.
        ## Where to look
        Check the logs of the pods and the dashboard of the bank connection.
        ## What to do
        Restart the pods. If the database is down, fail over to the replica.
        """,
    ),
    "de": (
        "docs/betriebshandbuch.md",
        """\
        # Betriebshandbuch Zahlungen
        ## Störung: Zahlungen schlagen fehl
        Die Fehlerrate steigt über 5 %, Kunden können nicht bezahlen.
        ### Ursache eingrenzen
        Protokolle der Pods prüfen: `kubectl logs deploy/payments`. Auslastung der Datenbank ansehen.
        ### Behebung
        Letzte Version zurückrollen oder den Dienst neu starten.
        """,
    ),
    "fr": (
        "docs/exploitation/incidents.md",
        """\
        # Guide d'astreinte : paiements
        ## Symptômes
        L'alerte PaiementsEnErreur se déclenche, les clients reçoivent des erreurs 503.
        ## Diagnostic
        Consulter les journaux du service et vérifier l'état de la base.
        ## Résolution
        Redémarrer le service, puis basculer sur la base secondaire si elle ne répond pas.
        """,
    ),
    "es": (
        "docs/runbooks/caida-pagos.md",
        """\
        # Caída de pagos
        ## Síntomas
        Salta la alerta de errores y los clientes no pueden pagar.
        ## Diagnóstico
        Revisar los registros del servicio y comprobar la conexión a la base de datos.
        ## Mitigación
        Reiniciar el servicio o revertir el último despliegue.
        """,
    ),
    "pt": (
        "docs/plantao.md",
        """\
        # Plantão: pagamentos
        ## Sintomas
        O alerta de falhas dispara e a latência passa de 2 segundos.
        ## Diagnóstico
        Verificar os registros e o estado da fila no painel.
        ## Solução
        Reiniciar o serviço ou reverter a última versão.
        """,
    ),
    "it": (
        "docs/runbook.md",
        """\
        # Pagamenti
        ## Sintomi
        Scatta l'allarme sugli errori e i clienti non riescono a pagare.
        ## Cause da verificare
        Controllare i log del servizio e la coda dei messaggi.
        ## Ripristino
        Riavviare il servizio o annullare l'ultimo rilascio.
        """,
    ),
    "nl": (
        "docs/draaiboek-storingen.md",
        """\
        # Draaiboek betalingen
        ## Storing herkennen
        De melding BetalingenMislukt komt binnen en klanten zien fouten.
        ## Oorzaak onderzoeken
        Bekijk de logs van de pods en controleer de wachtrij.
        ## Herstel
        Herstart de dienst of draai de laatste versie terug.
        """,
    ),
    "pl": (
        "docs/dyzur.md",
        """\
        # Dyżur: płatności
        ## Objawy
        Alert PlatnosciBledy jest aktywny, klienci widzą błędy.
        ## Przyczyny
        Sprawdź logi podów i stan bazy danych.
        ## Naprawa
        Zrestartuj usługę albo wycofaj ostatnie wdrożenie.
        """,
    ),
    "ru": (
        "docs/дежурство.md",
        """\
        # Дежурство: платежи
        ## Симптомы
        Срабатывает алерт о росте ошибок, клиенты не могут заплатить.
        ## Диагностика
        Проверить логи подов и состояние базы.
        ## Устранение
        Перезапустить сервис или откатить последний релиз.
        """,
    ),
    "ja": (
        "docs/障害対応手順書.md",
        """\
        # 決済サービス 障害対応手順
        ## 症状
        エラー率が 5% を超えるとアラートが発報します。
        ## 原因調査
        ポッドのログとデータベースの接続状態を確認します。
        ## 復旧手順
        直前のリリースをロールバックし、改善しない場合は再起動します。
        """,
    ),
    "zh": (
        "docs/故障处理.md",
        """\
        # 支付服务故障处理
        ## 现象
        错误率超过 5% 时触发告警，用户无法支付。
        ## 排查
        查看 Pod 日志和数据库连接状态。
        ## 恢复
        回滚最近一次发布，或者重启服务。
        """,
    ),
    "ko": (
        "docs/장애대응.md",
        """\
        # 결제 서비스 장애 대응
        ## 증상
        오류율이 5%를 넘으면 알림이 발생합니다.
        ## 원인 진단
        파드 로그와 데이터베이스 연결 상태를 확인합니다.
        ## 조치
        마지막 배포를 롤백하거나 서비스를 재시작합니다.
        """,
    ),
    "tr": (
        "docs/runbook.md",
        """\
        # Ödemeler
        ## Belirtiler
        Hata oranı yükselince alarm çalar.
        ## Neden
        Pod loglarını ve veritabanı durumunu kontrol edin.
        ## Çözüm
        Son sürümü geri alın veya servisi yeniden başlatın.
        """,
    ),
    "cs": (
        "docs/runbook.md",
        """\
        # Platby
        ## Příznaky
        Přijde upozornění na chyby a zákazníci nemohou platit.
        ## Příčiny
        Zkontrolujte logy podů a stav databáze.
        ## Řešení
        Restartujte službu nebo vraťte poslední verzi.
        """,
    ),
    "sv": (
        "docs/runbook.md",
        """\
        # Betalningar
        ## Symptom
        Larmet om fel går och kunderna kan inte betala.
        ## Felsökning
        Kontrollera loggarna och databasens minne.
        ## Åtgärder
        Starta om tjänsten eller rulla tillbaka.
        """,
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_runbook_passes_in_any_language(tree: Tree, language: str) -> None:
    path, text = LANGUAGES[language]
    result = judge(tree({path: dedent(text)}))
    assert result.status == "pass", (result.message, result.evidence, result.not_counted)
    assert [e.note.partition(":")[0] for e in result.evidence] == ["recognise", "diagnose", "mitigate"]
    assert all(e.path == path and e.line for e in result.evidence)
    assert result.fix == ""


FORMATS = {
    "plain text without headings": (
        "RUNBOOK.txt",
        """\
        When the alert PaymentsDown fires, the pods are usually out of memory.
        Check the logs (`kubectl logs deploy/payments`) and the memory graph in Grafana.
        Restart the pods with `kubectl rollout restart deploy/payments`; if that does not help, roll back.
        """,
    ),
    "AsciiDoc": (
        "docs/runbook.adoc",
        """\
        = Payments runbook

        == Symptoms
        The pager says that the error rate is above 5 %.

        == Diagnosis
        ----
        kubectl logs deploy/payments
        ----

        == Resolution
        Roll back the last release.
        """,
    ),
    "reStructuredText": (
        "docs/runbook.rst",
        """\
        Payments runbook
        ================

        Symptoms
        --------

        The alert PaymentsDown fires.

        Diagnosis
        ---------

        Look at the logs of the pods::

            kubectl logs deploy/payments

        Recovery
        --------

        Fail over to the other region.
        """,
    ),
    "Org": (
        "ops/runbook.org",
        """\
        #+TITLE: Payments runbook
        * Symptoms
        The alert PaymentsDown fires and users see errors.
        * Diagnosis
        #+BEGIN_SRC sh
        kubectl logs deploy/payments
        #+END_SRC
        * Mitigation
        Restart the pods.
        """,
    ),
    "HTML": (
        "docs/runbook.html",
        """\
        <html><head><title>Runbook</title><style>h1 {color: red}</style></head><body>
        <h1>Payments runbook</h1>
        <h2>Symptoms</h2><p>The alert PaymentsDown fires and users see errors.</p>
        <h2>Diagnosis</h2><ul><li>Check the logs of the pods</li></ul>
        <h2>Mitigation</h2><pre>kubectl rollout undo deploy/payments</pre>
        </body></html>
        """,
    ),
    "a notebook": (
        "runbooks/payments.ipynb",
        """\
        {"cells": [
          {"cell_type": "markdown", "source": ["# Payments runbook\\n", "## Symptoms\\n"]},
          {"cell_type": "markdown", "source": "The alert PaymentsDown fires."},
          {"cell_type": "markdown", "source": ["## Diagnosis\\n", "Query the error rate:"]},
          {"cell_type": "code", "source": ["prom.query('sum(rate(http_errors[5m]))')"]},
          {"cell_type": "markdown", "source": ["## Mitigation\\n", "Roll back the last release."]}
        ]}
        """,
    ),
    "a table": (
        "docs/operations.md",
        """\
        # Operating payments

        | Alert | Likely cause | What to look at | Action |
        |---|---|---|---|
        | `PaymentsDown` | bank unreachable | bank dashboard | switch to the second bank |
        | `PaymentsSlow` | database locks | `pg_stat_activity` | end the blocking query |
        """,
    ),
    "a table of symptoms": (
        "docs/oncall.md",
        """\
        # On-call

        Symptom | Cause | Remedy
        --- | --- | ---
        5xx above 2 % in production | pods out of memory | scale up
        """,
    ),
    "one file an alert": (
        "docs/alerts/PaymentsDown.md",
        """\
        # PaymentsDown

        ## Meaning
        No pod of payments answers its health check.

        ## Impact
        Nobody can pay.

        ## Diagnosis
        `kubectl -n payments get pods` and look for restarts.

        ## Mitigation
        `kubectl -n payments rollout restart deploy/payments`
        """,
    ),
    "a section of the README": (
        "README.md",
        """\
        # payments

        Takes payments.

        ## Run it
        `make run`

        ## Runbook

        ### Alert: PaymentsDown
        Users see 503.
        Check `kubectl logs deploy/payments` and the bank's status page.
        Mitigation: `kubectl rollout undo deploy/payments`.
        """,
    ),
    "setext headings": (
        "docs/Troubleshooting-production.md",
        """\
        Payments in production
        ======================

        Alert: PaymentsDown
        -------------------
        The alarm tells that users see errors.

        Diagnosis
        ---------
        Check the logs in Kibana.

        Recovery
        --------
        Restart the pods.
        """,
    ),
}


@pytest.mark.parametrize("form", FORMATS)
def test_a_runbook_passes_in_any_format(tree: Tree, form: str) -> None:
    path, text = FORMATS[form]
    result = judge(tree({path: dedent(text)}))
    assert result.status == "pass", (result.message, result.evidence, result.not_counted)


NO_RUNBOOK = {
    "nothing": {"README.md": "# payments\n\nTakes payments.\n\n## Run it\n\n`make run`\n"},
    "to-do only": {"docs/runbook.md": "# Runbook\n\nTODO: write this.\n"},
    "headings only": {"docs/runbook.md": "# Runbook\n\n## Symptoms\n\n## Diagnosis\n\n## Mitigation\n"},
    "coming soon": {
        "docs/runbook.md": "# Runbook\n## Symptoms\nComing soon.\n## Diagnosis\nTBD\n## Mitigation\nN/A\n"
    },
    "lorem ipsum": {
        "docs/runbook.md": "# Runbook\n## Symptoms\nLorem ipsum dolor sit amet.\n## Diagnosis\nLorem"
        " ipsum dolor.\n"
    },
    "comments only": {"docs/runbook.md": "# Runbook\n<!--\n## Symptoms\nThe alert fires.\n-->\n"},
    "a template's own words": {
        "docs/runbook.md": "# Runbook: <service name>\n## Symptoms\nDescribe the symptoms of the"
        " problem here.\n"
        "## Diagnosis\n[List the commands to run]\n## Mitigation\nExplain how to fix it.\n"
    },
    "placeholders": {
        "docs/runbook.md": "# Runbook\n## Symptoms\n<alert name>\n## Diagnosis\n{{ diagnosis }}\n##"
        " Mitigation\nYOUR_STEPS\n"
    },
    "dashes in a table": {
        "docs/runbook.md": "# Runbook\n| Symptom | Cause | Action |\n|---|---|---|\n| TBD | - | TODO |\n"
    },
    "to-do in Spanish": {"docs/runbook.md": "# Runbook\n## Síntomas\nPendiente\n## Diagnóstico\nPor hacer\n"},
    "to-do in Japanese": {"docs/runbook.md": "# 障害対応\n## 症状\n準備中\n## 診断\n未定\n## 復旧\n作成中\n"},
    "developers' how-to": {
        "docs/runbook.md": "# Runbook: local environment\n## Install\n`npm install`\n## Start\n`npm"
        " run dev`\n"
        "Open http://localhost:3000.\n## Troubleshooting\nIf the port is in use, kill the process.\n"
    },
    "local troubleshooting": {
        "docs/troubleshooting.md": "# Troubleshooting\n## npm install fails\nDelete `node_modules` and run"
        " `npm install` again.\n## Port already in use\nStop the other process on http://localhost:3000.\n"
        "## Docker does not start\nRun `docker-compose up` again; check that it has memory.\n"
    },
    "Ansible playbooks": {
        "ansible/playbooks/site.yml": "- hosts: all\n  tasks:\n    - name: restart\n      service:"
        " name=payments\n",
        "playbook.yml": "- hosts: all\n  roles: [payments]\n",
        "ansible/playbooks/README.md": "# Playbooks\n\nRun `ansible-playbook site.yml` to restart the"
        " service.\n",
    },
    "a coding agent's": {
        ".claude/skills/oncall/SKILL.md": SOUND,
        "AGENTS.md": SOUND.replace("Runbook", "On-call"),
    },
    "an example": {"examples/runbook.md": SOUND},
    "vendored": {"vendor/github.com/acme/runbooks/docs/runbook.md": SOUND},
    "a template": {"docs/templates/runbook.md": SOUND, "docs/runbook-template.md": SOUND},
    "a postmortem": {
        "docs/postmortems/2026-01-01.md": "# Outage\n## Impact\nUsers saw errors.\n## Root cause\nA"
        " query without"
        " index.\n## Resolution\nRolled back with `kubectl rollout undo`.\n"
    },
    "a presenter's script": {
        "docs/runbook.md": "# Demo runbook\n## Alert fires\nShow the error rate.\n## Check\nOpen the"
        " dashboard.\n"
        "## Roll back\n`kubectl rollout undo deploy/x`\n"
    },
    "a set-up guide": {
        "docs/runbooks/datadog.md": "# Datadog\n## Prerequisites\nAn API key.\n## Install\nApply the chart.\n"
        "## Configure\nSet the site.\n## Troubleshooting\nIf no alert arrives, check the key.\n"
    },
    "an index that tells how runbooks are written": {
        "docs/runbooks/README.md": "# Runbooks\n## Format\nEach runbook follows the same order:\n1."
        " **Symptoms** — how"
        " the alert shows\n2. **Diagnosis** — which logs to check\n3. **Mitigation** — how to roll back\n",
    },
    "a lesson": {
        "docs/monitoring/alerting.md": "# Alerting\n## What you will learn\nHow alerts work.\n##"
        " Alert: HighErrorRate\n"
        "The alert fires above 5 %.\n## Diagnosis\nCheck the logs.\n## Mitigation\nRoll back.\n"
    },
    "a list of alerts with links to what others wrote": {
        "docs/ALERTS.md": "# Alerts\n## KubePodCrashLooping\n+ [Troubleshoot"
        " clusters](https://k8s.io/debug)\n"
        "+ [Recover a broken pod](https://k8s.io/recover)\n## HighErrorRate\n+ [Check the"
        " logs](https://k8s.io/logs)\n"
    },
    "a template with its title open": {"docs/runbook.md": SOUND.replace("payments", "[Service Name]", 1)},
    "triage of issues": {
        "docs/triage-sop.md": "# Issue triage SOP\n## Triage\nCheck the `bug` label.\n## Resolution\n"
        "Close it.\n"
    },
    "how to deploy": {
        "docs/runbooks/deploy.md": "# Deployment runbook\n## Steps\n1. Tag the release.\n2. Run the"
        " deploy workflow.\n"
        "## Smoke test (<15 min)\nOpen the site.\n"
    },
    "pages of a product": {"web/static/data/runbook.md": SOUND},
    "the word only": {"docs/runbook.md": "# Runbook\n\nThis service has a runbook.\n"},
    "for people, not services": {
        "docs/incident-response.md": "# Incident response\n## Report\nTell the safeguarding lead when"
        " somebody is"
        " hurt.\n## Triage\nMake sure that the person is safe.\n## Resolution\nWrite down what happened.\n"
    },
}


@pytest.mark.parametrize("case", NO_RUNBOOK)
def test_what_is_no_runbook_fails(tree: Tree, case: str) -> None:
    result = judge(tree(NO_RUNBOOK[case]))
    assert result.status == "fail", (result.message, result.evidence)
    assert "runbook.md" in result.fix


PARTIAL = {
    "no diagnosis": (
        "# Runbook\n## Alert: PaymentsDown\nUsers see 503.\n## Mitigation\nRestart the pods, then"
        " roll back.\n",
        "what to look at",
    ),
    "no remedy": (
        "# Runbook\n## Symptoms\nUsers see 503.\n## Diagnosis\nCheck the logs of the pods in Kibana.\n",
        "what ends it",
    ),
    "nothing to recognise by": (
        "# Runbook\n## Diagnosis\nCheck the logs of the pods in Kibana.\n## Mitigation\nRestart the pods.\n",
        "how a failure shows",
    ),
    "hollow mitigation": (
        "# Runbook\n## Symptoms\nUsers see 503.\n## Diagnosis\nCheck the logs of the pods.\n##"
        " Mitigation\nTODO\n",
        "what ends it",
    ),
}


@pytest.mark.parametrize("case", PARTIAL)
def test_two_of_the_three_are_partial_and_the_fix_names_the_third(tree: Tree, case: str) -> None:
    text, lacking = PARTIAL[case]
    result = judge(tree({"docs/runbook.md": text}))
    assert result.status == "partial", (result.message, result.evidence)
    assert lacking in result.message
    assert lacking in result.fix
    assert "docs/runbook.md" in result.fix


def test_several_files_tell_it_together(tree: Tree) -> None:
    result = judge(
        tree(
            {
                "runbooks/alerts.md": "# Alerts\n## PaymentsDown\nUsers see 503, the alert fires"
                " after 5 minutes.\n",
                "runbooks/diagnosis.md": "# Diagnosis\n## Triage\nCheck the logs of the pods in Kibana.\n",
                "runbooks/rollback.md": "# Rollback\n## Roll back\n`kubectl rollout undo deploy/payments`\n",
            }
        )
    )
    assert result.status == "pass", result
    assert [e.path for e in result.evidence] == [
        "runbooks/alerts.md",
        "runbooks/diagnosis.md",
        "runbooks/rollback.md",
    ]


def test_references_and_one_stray_to_do_make_nothing_hollow(tree: Tree) -> None:
    text = SOUND.replace("payments logs deploy/payments", "<namespace> logs <pod>").replace(
        "customers cannot pay.", "{{ $labels.job }} is down; TODO: link the dashboard."
    )
    assert judge(tree({"docs/runbook.md": text})).status == "pass"


RULES = """\
groups:
  - name: payments
    rules:
      - alert: PaymentsDown
        expr: up == 0
        annotations:
          runbook_url: {url}
"""


def test_the_address_alone_is_partial(tree: Tree) -> None:
    result = judge(tree({"monitoring/alerts.yml": RULES.format(url="https://wiki.acme.io/payments")}))
    assert result.status == "partial"
    assert result.evidence[0].path == "monitoring/alerts.yml"
    assert result.evidence[0].line == 7
    assert "PaymentsDown" in result.fix


def test_one_address_among_many_alerts_is_none(tree: Tree) -> None:
    more = "".join(f"      - alert: Other{n}\n        expr: up == 0\n" for n in range(9))
    result = judge(tree({"monitoring/alerts.yml": RULES.format(url="https://wiki.acme.io/payments") + more}))
    assert result.status == "fail"
    assert "1 of 10 alerts" in result.not_counted[0].why


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/payments/blob/main/handbook/payments-down.md",
        "https://gitlab.acme.io/shop/payments/-/blob/main/handbook/payments-down.md#payments",
        "handbook/payments-down.md",
        "../handbook/payments-down.md",
    ],
)
def test_an_alert_leads_to_a_runbook_of_any_name(tree: Tree, url: str) -> None:
    files = {"monitoring/alerts.yml": RULES.format(url=url), "handbook/payments-down.md": SOUND}
    result = judge(tree(files))
    assert result.status == "pass", result
    assert result.evidence[0].path == "handbook/payments-down.md"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/runbook",
        "TODO",
        "https://your-org.io/runbook",
        "http://company.atlassian.com/wiki/runbooks",
        '""',
    ],
)
def test_the_address_of_a_placeholder_is_none(tree: Tree, url: str) -> None:
    assert judge(tree({"monitoring/alerts.yml": RULES.format(url=url)})).status == "fail"


def _declared(runbook: str) -> Service:
    text = f"kind: Component\nmetadata:\n  name: payments\n  annotations:\n    acme.io/runbook: {runbook}\n"
    document = parse_yaml(text, "catalog-info.yaml").documents[0]
    return replace(PAYMENTS, document=document, annotations=document.get("metadata", "annotations"))


def test_an_annotation_leads_to_a_runbook(tree: Tree) -> None:
    assert judge(tree({"handbook/a.md": SOUND}), _declared("handbook/a.md")).status == "pass"
    assert judge(tree({"handbook/a.md": SOUND}), _declared("handbook")).status == "pass"
    assert judge(tree({"a.md": "# x"}), _declared("https://wiki.acme.io/runbook")).status == "partial"


@pytest.mark.parametrize("path", ["../../../etc/passwd", "/etc/passwd", "docs/../../../etc/passwd"])
def test_an_annotation_that_leaves_the_repository_is_not_followed(tree: Tree, path: str) -> None:
    result = judge(tree({"README.md": "# payments\n"}), _declared(path))
    assert result.status == "fail"
    assert not result.evidence
    assert result.not_counted[0].path == "catalog-info.yaml"
    assert result.not_counted[0].line == 5
    assert "repository" in result.not_counted[0].why


def test_an_annotation_that_leads_nowhere_says_so(tree: Tree) -> None:
    result = judge(tree({"README.md": "# payments\n"}), _declared("docs/gone.md"))
    assert result.status == "fail"
    assert "is not in the repository" in result.not_counted[0].why


def test_a_descriptor_link_of_type_runbook_counts_as_an_address(tree: Tree) -> None:
    document = parse_yaml("kind: Component\nmetadata:\n  links: []\n", "catalog-info.yaml").documents[0]
    link = {"url": "https://wiki.acme.io/x", "title": "Runbook"}
    result = judge(tree({"README.md": "# x"}), replace(PAYMENTS, document=document, links=(link,)))
    assert result.status == "partial"


def test_a_linked_file_is_read_and_a_link_out_of_the_repository_is_not(tree: Tree) -> None:
    snapshot = tree({"handbook/a.md": SOUND})
    entry = snapshot.files["handbook/a.md"]
    root = entry.handle.decode().removesuffix("/handbook/a.md")
    os.symlink("handbook/a.md", f"{root}/RUNBOOK.md")
    os.symlink("/etc/passwd", f"{root}/on-call.md")
    linked = Snapshot(FolderTree(Path(root), None), "payments")
    result = judge(linked)
    assert result.status == "pass"
    assert {e.path for e in result.evidence} == {"RUNBOOK.md"}


MONOREPO = replace(PAYMENTS, path="services/payments", neighbours=("services/orders",))


def test_of_many_services_each_has_its_own_runbook(tree: Tree) -> None:
    result = judge(tree({"services/orders/docs/runbook.md": SOUND.replace("payments", "orders")}), MONOREPO)
    assert result.status == "fail"
    assert "services/payments/docs/runbook.md" in result.fix
    assert judge(tree({"services/payments/docs/runbook.md": SOUND}), MONOREPO).status == "pass"


def test_a_shared_runbook_counts_where_it_names_the_service_or_covers_all(tree: Tree) -> None:
    assert judge(tree({"docs/runbook.md": SOUND}), MONOREPO).status == "pass"
    others = SOUND.replace("payments", "orders").replace("Payments", "Orders")
    assert judge(tree({"docs/runbook.md": others}), MONOREPO).status == "fail"
    everybody = SOUND.replace("payments", "app").replace("Payments", "App")
    assert judge(tree({"docs/runbook.md": everybody}), MONOREPO).status == "pass"


def test_a_document_of_an_office_program_is_unknown(tree: Tree) -> None:
    result = judge(tree({"docs/runbook.pdf": "%PDF"}))
    assert result.status == "unknown"
    assert "docs/runbook.pdf" in result.message


EVIDENCE = replace(PAYMENTS, annotations={"handrail.dev/evidence": "acme/runbooks"})


def test_runbooks_in_a_repository_that_the_descriptor_names_are_read(tree: Tree) -> None:
    here = tree({"README.md": "# payments"})
    others = SOUND.replace("payments", "orders")
    there = tree({"docs/runbooks/a.md": others, "docs/runbooks/b.md": SOUND, "teams/pay/how-to.md": SOUND})
    facts = Facts(date(2026, 11, 24), repositories={"acme/runbooks": there})
    result = runbook_present.evaluate(here, EVIDENCE, facts, {})
    assert result.status == "pass"
    assert {e.path for e in result.evidence} == {"acme/runbooks:docs/runbooks/b.md"}
    assert facts.asked["commit of repository acme/runbooks"] == "none that is committed"
    named = replace(PAYMENTS, annotations={"handrail.dev/evidence": "acme/runbooks:teams/pay"})
    result = runbook_present.evaluate(here, named, facts, {})
    assert {e.path for e in result.evidence} == {"acme/runbooks:teams/pay/how-to.md"}


def test_a_repository_that_is_not_at_hand_leaves_it_unknown(tree: Tree) -> None:
    result = judge(tree({"README.md": "# payments"}), EVIDENCE)
    assert result.status == "unknown"
    assert "acme/runbooks" in result.message
    assert judge(tree({"docs/runbook.md": SOUND}), EVIDENCE).status == "pass"


def test_a_runbook_that_cannot_be_read_leaves_it_unknown(tree: Tree) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    result = judge(tree({"docs/runbook.md": pointer}))
    assert result.status == "unknown"
    root = Path(os.fsdecode(tree({"README.md": "# payments"}).files["README.md"].handle)).parent
    os.symlink("/etc/passwd", root / "RUNBOOK.md")
    result = judge(Snapshot(FolderTree(root, None), "payments"))
    assert result.status == "unknown"
    assert "RUNBOOK.md" in result.message
    assert "root:" not in str(result)


def test_one_complete_runbook_is_the_evidence_though_others_tell_a_part(tree: Tree) -> None:
    result = judge(tree({"docs/runbook-a.md": PARTIAL["no remedy"][0], "docs/runbook-b.md": SOUND}))
    assert {e.path for e in result.evidence} == {"docs/runbook-b.md"}


def test_a_hollow_runbook_is_named(tree: Tree) -> None:
    result = judge(tree({"docs/runbook.md": "# Runbook\n\nTODO\n"}))
    assert "`docs/runbook.md` is hollow" in result.message
    assert result.not_counted[0].path == "docs/runbook.md"


def test_a_hostile_text_ends_soon_and_never_raises(tree: Tree) -> None:
    for text in (
        "#" * 300_000,
        "| a " * 100_000,
        "[" * 300_000,
        "**" * 150_000,
        "A" * 300_000,
        "> " * 150_000,
    ):
        assert judge(tree({"docs/runbook.md": text})).status == "fail"


def test_the_example_of_the_documentation_passes(tree: Tree) -> None:
    _, _, example = runbook_present.__doc__.partition("## Example\n")
    text = dedent(example.partition("## Known limits")[0]).strip()
    path, _, content = text.partition("\n")
    assert judge(tree({path.removeprefix("# "): content})).status == "pass"
