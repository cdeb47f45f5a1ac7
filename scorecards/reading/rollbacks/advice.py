"""What to change so that a bad release is taken back, in the words of the tool that deploys."""

import posixpath

from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.pipelines import covers, pipelines
from scorecards.reading.rollbacks.mechanism import Mechanism
from scorecards.reading.scope import aside
from scorecards.reading.stack import ci_file, system_name
from scorecards.result import Status

_TOOLS = (
    ("helm", regex(r"\bhelm(?:file)?\s+(?:\S+\s+){0,6}?(?:upgrade|apply|sync)\b"), "helm"),
    ("kubectl", regex(r"\bkubectl\s+(?:\S+\s+){0,6}?(?:apply|set\s+image|rollout)\b"), "kubectl"),
    ("ecs", regex(r"\baws\s+ecs\b|ecs-deploy"), "ecs"),
    ("sam ", regex(r"\bsam\s+deploy\b"), "sam"),
    ("stack", regex(r"\bdocker\s+stack\s+deploy\b"), "swarm"),
    ("compose", regex(r"\bdocker[- ]compose\b.*\bup\b"), "compose"),
    ("nomad", regex(r"\bnomad\s+(?:job\s+)?run\b"), "nomad"),
    ("run", regex(r"\bgcloud\s+run\s+deploy\b|deploy-cloudrun"), "cloudrun"),
    ("eb", regex(r"\baz\s+webapp\b|webapps-deploy|AzureWebApp"), "azure"),
)
_ON_FAILURE = {
    "github": "a step with `if: failure()`",
    "gitlab": "a job with `when: on_failure`",
    "jenkins": "a `post { failure { ... } }` block",
    "circleci": "a step with `when: on_fail`",
    "azure": "a step with `condition: failed()`",
    "drone": "a step with `when: {status: [failure]}`",
    "woodpecker": "a step with `when: {status: [failure]}`",
}


def fix(snapshot: Snapshot, service: Service, found: list[Mechanism]) -> str:
    """One sentence or two that say what to change and where."""
    weak = next((m for m in found if m.status in (Status.PARTIAL, Status.UNKNOWN)), None)
    if weak is not None:
        return _strengthen(weak, snapshot, service)
    tool, path, system = _deployed_by(snapshot, service)
    name = service.name
    on_failure = _ON_FAILURE.get(system, "a step that runs on failure")
    advice = {
        "helm": f"In `{path}`, add `--atomic` (Helm 4: `--rollback-on-failure`) to `helm upgrade`.",
        "kubectl": f"In `{path}`, after `kubectl rollout status`, add {on_failure} that runs"
        f" `kubectl rollout undo deployment/{name}`.",
        "ecs": "Turn the deployment circuit breaker of the ECS service on, with rollback: in Terraform"
        " `deployment_circuit_breaker { enable = true, rollback = true }`.",
        "sam": "In the SAM template, add a `DeploymentPreference` with `Alarms` to the function.",
        "swarm": "In the compose file, set `deploy.update_config.failure_action: rollback`.",
        "compose": f"In `{path}`, keep the running image's tag and add {on_failure} that starts it again.",
        "nomad": "In the Nomad job, set `auto_revert = true` in its `update` block.",
        "cloudrun": f"In `{path}`, add {on_failure} that runs `gcloud run services update-traffic {name}"
        " --to-revisions PREVIOUS=100`.",
        "azure": f"In `{path}`, deploy to a slot, and add {on_failure} that swaps the slots back.",
    }
    if tool:
        return advice[tool]
    return _by_files(snapshot, service) or (
        "Let the tool that deploys take a failed release back, or add a job that redeploys the previous"
        f" version to `{path}` ({system_name(system)}). Where the deployment stands in another repository,"
        " name it in the descriptor: `handrail.dev/evidence: <repository>`."
    )


def _strengthen(weak: Mechanism, snapshot: Snapshot, service: Service) -> str:
    if "Rollout" in weak.what:
        return f"In `{weak.path}`, add an `analysis` with a template that measures the error ratio."
    if "Flagger" in weak.what:
        return (
            f"In `{weak.path}`, add `analysis.metrics`, for example `request-success-rate` with a threshold."
        )
    if "Lambda" in weak.what:
        return f"In `{weak.path}`, add `Alarms` to the deployment preference."
    if "circuit breaker" in weak.what:
        return f"In `{weak.path}`, set `rollback = true` in the circuit breaker."
    if "HelmRelease" in weak.what:
        return f"In `{weak.path}`, set `upgrade.remediation.retries` and `strategy: rollback`."
    if "calls it" in weak.why or "applies" in weak.why:
        system, path = ci_file(snapshot, service)
        return f"Call it: from a job in `{path}` ({system_name(system)}), or from the runbook."
    return f"In `{weak.path}`, see to it that it works: {weak.why}."


def _deployed_by(snapshot: Snapshot, service: Service) -> tuple[str, str, str]:
    for pipeline in pipelines(snapshot):
        if aside(pipeline.path, service) or not covers(pipeline, service):
            continue
        for step in pipeline.steps:
            for text, path in [(step.uses, step.path), *((c.text, c.path) for c in step.commands)]:
                for word, pattern, tool in _TOOLS:
                    if word in text and step.live and pattern.search(text[:1000]):
                        return tool, path, pipeline.system
    system, path = ci_file(snapshot, service)
    return "", path, system


def _by_files(snapshot: Snapshot, service: Service) -> str:
    for path in snapshot.files:
        base = posixpath.basename(path)
        if aside(path, service):
            continue
        if base in ("template.yaml", "template.yml", "samconfig.toml"):
            return f"In `{path}`, add a `DeploymentPreference` with `Alarms` to the function."
        if base.endswith((".nomad", ".nomad.hcl")):
            return f"In `{path}`, set `auto_revert = true` in the `update` block."
        if base in ("helmrelease.yaml", "helmrelease.yml", "release.yaml"):
            return f"In `{path}`, set `upgrade.remediation` with `retries` and `strategy: rollback`."
    return ""
