"""What a step's action, orb, task, pipe or plugin deploys or publishes, by its name and inputs."""

import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.regex import regex
from scorecards.reading.deployments.commands import act
from scorecards.reading.deployments.deployment import Act, Kind
from scorecards.reading.pipeline import Step

_KNOWN: tuple[tuple[Kind, str], ...] = (
    (
        "pages",
        r"deploy-pages|gh-pages|github-pages|ghpages|pages-deploy|mkdocs-deploy|deploy-docs|"
        r"deploy-mkdocs|jekyll"
        r"|readthedocs",
    ),
    (
        "store",
        r"upload-google-play|upload-testflight|app-?store-?connect|testflight|googleplay(?:release|promote)"
        r"|appstorerelease|huawei-appgallery|firebase-distribution|appcenter|playstore|app-store-upload|"
        r"edge-addon|/bpp\b"
        r"|publish-microsoft-store|msstore|chrome-(?:extension|webstore)\S*(?:publish|upload)",
    ),
    (
        "package",
        r"pypi-publish|npm-publish|publish-to-npm|gh-action-pypi|action-gh-release|create-release|"
        r"release-please"
        r"|semantic-release|goreleaser|chart-releaser|changesets/action|rubygems|publish-release|"
        r"release-drafter"
        r"|nuget|upload-release|crates-io|ghr\b|maven-central",
    ),
    (
        "deploys",
        r"webapps-deploy|functions-action|k8s-deploy|k8s-bake|container-apps|containerapps|aci-deploy|"
        r"aks-deploy"
        r"|static-web-apps|azurestaticwebapp|lambda-action|aws-lambda|vercel-action|vercel/|"
        r"actions-netlify|wrangler-action|pages-action"
        r"|action-hosting|firebase-action|flyctl|pulumi/|helm-eks-action|helm-deploy|helmfile-action|"
        r"helm3?-action"
        r"|github-action-helm|nais/deploy|argocd|argo-cd|kustomize-deploy|kubectl-(?:run|action)|"
        r"kube-?ctl|kubernetes-action"
        r"|azurewebapp|azurermwebapp|azurefunctionapp|azurecontainerapp|azurespring|azurekubernetes|"
        r"kubernetesmanifest"
        r"|azureresourcemanagertemplate|azureresourcegroup|azureappservicemanage|iiswebapp|"
        r"servicefabric\w*deploy"
        r"|elasticbeanstalk|beanstalk|codedeploy|cloudformationcreateorupdate|serverless/|"
        r"serverless-action|ecs-update|ecs/update"
        r"|ecs-deploy|ssh-action|drone-ssh|ssh-run|actions?-ssh|ssh-remote|ssh-commands|sshpass|"
        r"sshcommand|\Assh@"
        r"|rsync|scp-action|drone-scp|scp-deploy|ftp-|sftp|lftp|copyfilesoverssh|azurefilecopy|"
        r"capistrano|ansible(?:-playbook|@)"
        r"|ansible-action|dokku|caprover|coolify|portainer|heroku|railway|render-(?:deploy|action)|"
        r"koyeb|zeabur|app_action"
        r"|cloud-?run|app-?engine|gke-deploy|cloud-?deploy|drone-helm|drone-kube\w*|drone-gke|drone-ecs|"
        r"drone-gae|drone-lambda"
        r"|werf/actions/converge|skaffold|octopus-?deploy|deploy-release|run-runbook|humanitec|qovery|"
        r"porter-(?:deploy|update)"
        r"|cf-cli|cloud-foundry|openshift-client|nomad|waypoint|juju|astronomer|databricks|"
        r"dagster-cloud|sam-deploy|cdk-action"
        r"|cloudfront-invalidate\w*|s3-sync|s3-deploy|s3-website|drone-s3-sync|aws-s3|s3upload|"
        r"gcs-upload|upload-cloud-storage"
        r"|terraform-apply|terraform/apply|terragrunt-action|dflook/terraform-apply|tkn-helm|"
        r"helm-upgrade|git-clone-and-deploy",
    ),
    ("image", r"(?:docker|image|container|buildah|kaniko|podman)\S*push|push-to-registry"
              r"|push\S*(?:image|docker|registry|to-(?:ecr|gcr))"
              r"|helm-push|helm-gh-pages|publish-docker|docker-publish|docker/build-push|ecr/build|"
              r"helm-charts?-push|architect/push"
              r"|build-push|push-?image|plugins?[/-](?:docker|ecr|gcr|acr|kaniko)|plugin-docker|"
              r"drone-docker|gcr.io/kaniko|docker-build-push|artifact-registry"),
)  # fmt: skip
_PATTERNS = tuple((kind, regex(pattern, re.IGNORECASE)) for kind, pattern in _KNOWN)
_DEPLOY = regex(
    r"(?<![a-z])(?:re)?deploy(?!ment-(?:status|marker)|ments?-(?:clean|status))|[a-z]Deploy|deploy(?:er|"
    r"s|ed)?(?![a-z])|rollout",
    re.I,
)
_NO_DEPLOY = regex(
    r"setup|install|report|record|track|checkout|login|auth|notif|slack|status|marker|deployment-action|/deployments(?:@|"
    r"\Z)|deactivate|delete|cleanup|remove"
    r"|destroy|teardown|undeploy|wait|await|cache|lint|scan|create-[\w-]*deployment|deployment-event|"
    r"deploy-key|known-hosts|comment|preview-url"
    r"|metrics|render-task|dacpac|ssh-agent|kubeconfig|credentials|validate|rollback|get-|list-|check|"
    r"annotat|sentry|datadog|new-?relic"
    r"|cloud-?run-cli|terraform-plan|wait-for|docker-compose-action",
    re.IGNORECASE,
)
_COPIES = regex(r"s3|gcs|cloud-storage|cloudfront", re.IGNORECASE)
_NEEDS = (
    (regex(r"helmdeploy", re.I), regex(r"upgrade|install|apply", re.I)),
    (regex(r"kubernetes@|kubectl|kubernetesmanifest", re.I),
     regex(r"\b(?:apply|deploy|promote|set|rollout|replace|patch)\b", re.I)),
    (regex(r"pulumi/", re.I), regex(r"\b(?:up|update)\b", re.I)),
    (regex(r"terraform|tofu", re.I), regex(r"\bapply\b", re.I)),
    (regex(r"helmfile", re.I), regex(r"\b(?:apply|sync)\b", re.I)),
    (regex(r"ssh-action|drone-ssh|ssh-run|actions?-ssh|ssh-remote|ssh-commands|\Assh@|sshcommand", re.I),
     regex(r"\S")),
    (regex(r"wrangler", re.I), regex(r"\A\Z|deploy|publish", re.I)),
    (regex(r"flyctl|serverless|sam-|cdk|firebase-action|heroku-cli|databricks|cf-cli|openshift-client|werf",
           re.I),
     regex(r"deploy|converge|push|apply|rollout|release|import", re.I)),
)  # fmt: skip


_PROVIDERS: dict[str, Kind] = {
    **dict.fromkeys(("npm", "pypi", "rubygems", "releases", "bintray", "cargo", "hackage"), "package"),
    **dict.fromkeys(("packagecloud", "gems", "puppetforge", "launchpad", "snap"), "package"),
    "pages": "pages",
    "s3": "copies",
    "gcs": "copies",
    "testfairy": "store",
}


def of_step(step: Step) -> Act | None:
    """What the thing that a step uses does; None where it deploys and publishes nothing."""
    name = step.uses.partition("@")[0] if "/" in step.uses else step.uses
    if not name or name.startswith("./"):
        return None
    if step.uses.startswith("deploy/"):  # Travis CI
        provided = _PROVIDERS.get(step.uses[7:], "deploys")
        return Act(provided, f"the provider `{step.uses[7:40]}`")
    kind = _kind(name)
    if (
        kind is None
        or str(step.inputs.get("action")) == "close"
        or (kind == "image" and not _pushes(name, step))
    ):
        return None
    if kind == "deploys" and not _told(name, step):
        return None
    if kind == "deploys" and _COPIES.search(name) and "deploy" not in name.lower():
        kind = "copies"
    return Act(kind, f"`{name[:70]}`")


@lru_cache(4096)
def _kind(name: str) -> Kind | None:
    """What an action is for by its name, whatever it is told."""
    for kind, pattern in _PATTERNS:
        if pattern.search(name):
            return None if kind == "deploys" and _NO_DEPLOY.search(name) else kind
    parts = name.split("/")
    short = name if len(parts) < 3 else f"{parts[0]}/{parts[-1]}"
    return "deploys" if _DEPLOY.search(short) and not _NO_DEPLOY.search(short) else None


def _told(name: str, step: Step) -> bool:
    """Whether the inputs tell a tool that does many things to deploy."""
    for tool, words in _NEEDS:
        if tool.search(name):
            if any(act(line.strip()) for line in _lines(step)):
                return True
            text = " ".join(_lines(step))
            return words.search(text) is not None
    return True


def _lines(step: Step) -> Iterator[str]:
    for text in step.strings():
        yield from text[:5000].split("\n")[:100]


def _pushes(name: str, step: Step) -> bool:
    """Whether an action that builds an image also pushes it."""
    if "push" in step.inputs:
        value = str(step.inputs["push"]).strip().lower()
        return value not in ("false", "no", "0", "")
    if "build-push-action" in name:
        return "push=true" in str(step.inputs.get("outputs", "")) or "type=registry" in str(step.inputs)
    return True
