"""Which monitoring a repository uses already, so that advice is given in its dialect."""

from catalog.service import Service
from catalog.snapshot import Snapshot
from catalog.terraform import terraform
from scorecards.reading.paths import paths

_PROVIDERS = (
    ("datadog_", "a `datadog_monitor`"),
    ("newrelic_", "a `newrelic_nrql_alert_condition`"),
    ("dynatrace_", "a `dynatrace_metric_events`"),
    ("grafana_", "a `grafana_rule_group`"),
    ("google_", "a `google_monitoring_alert_policy` with notification channels"),
    ("azurerm_", "an `azurerm_monitor_metric_alert` with an action group"),
    ("aws_", "an `aws_cloudwatch_metric_alarm` whose actions name an SNS topic"),
)
_TEMPLATES = ("template.yaml", "template.yml", "serverless.yml", "serverless.yaml")


def where_alerts_go(snapshot: Snapshot, service: Service) -> str:
    """One sentence: which file to add an alert to, and in which dialect."""
    charts = [p.rpartition("/")[0] for p in paths(snapshot).named("chart.yaml")]
    own = [c for c in charts if not service.path or c.startswith(service.path)]
    for chart in (own or charts)[:1]:
        folder = f"{chart}/templates" if chart else "templates"
        return f"Add `{folder}/prometheusrule.yaml`, a PrometheusRule with an alert."
    files = [p for p in terraform(snapshot).paths() if not service.path or p.startswith(f"{service.path}/")]
    for path in files[:50]:
        text = snapshot.text(path) or ""
        for prefix, what in _PROVIDERS:
            if f'resource "{prefix}' in text or f'provider "{prefix[:-1]}' in text:
                folder = path.rpartition("/")[0]
                return f"Add `{folder + '/' if folder else ''}alerts.tf` with {what}."
    for name in _TEMPLATES:
        if name in paths(snapshot).by_name and service.file(name) in snapshot:
            return f"Add to `{service.file(name)}` an `AWS::CloudWatch::Alarm` that acts on an SNS topic."
    for path in paths(snapshot).ending("yaml", "yml"):
        if "/" in path and (snapshot.text(path) or "").startswith("apiVersion: apps/v1"):
            return f"Add `{path.rpartition('/')[0]}/prometheusrule.yaml`, a PrometheusRule with an alert."
    return f"Add `{service.file('monitoring/alerts.yaml')}`, Prometheus rules with an alert."
