"""What a shell command deploys or publishes, by its program and the words after it."""

import re
from functools import lru_cache

from catalog.regex import regex
from scorecards.reading.deployments.deployment import Act
from scorecards.reading.deployments.programs import programs
from scorecards.reading.invocation import unwrapped
from scorecards.reading.purpose import of_text
from scorecards.reading.words import word_set, words

_ALIASES = {
    "k": "kubectl", "kubectl.exe": "kubectl", "helm3": "helm", "msdeploy.exe": "msdeploy", "mvnw": "mvn",
    "gradlew": "gradle", "npx": "", "docker.exe": "docker", "aws.exe": "aws", "serverless.js": "serverless",
    "python3": "python", "nodejs": "node", "opentofu": "tofu", "buildctl": "docker",
}  # fmt: skip
_NO_RUN = regex(
    r"\s--?(?:dry-?run|server-dry-run|check|syntax-check|diff-only|no-execute-changeset|help|version|"
    r"list-tasks"
    r"|what-if|validate-only|plan|destroy|just-print|noop|preview|list-hosts|"
    r"dryrun)(?![\w-])(?!=(?:none|false)\b)"
    r"|--dry-run=(?:client|server)"
)
_TESTED = regex(
    r"\b(?:localhost|127\.0\.0\.1|localstack|minikube|kind-[\w-]+|k3d-[\w-]+|docker-desktop)\b|"
    r"connection[= ]local\b"
)
_ELSEWHERES = regex(
    r"\s(?:bitnami|stable|prometheus-community|grafana|ingress-nginx|jetstack|elastic|hashicorp|argo|istio|"
    r"external-dns|metrics-server|datadog|fluxcd|traefik|cilium|kedacore|open-telemetry|chaos-mesh|"
    r"litmuschaos|"
    r"sealed-secrets|kyverno|crossplane-stable|eks|aws-ebs-csi-driver|autoscaler|vm|longhorn|"
    r"rancher-stable)/[\w-]+"
)
_FETCHED = regex(r"(?:-f|--filename|-k)[= ]?[\"']?https?://")
_NAMESPACE = regex(
    r"create\s+(?:ns|namespace|secret|configmap|cm|sa|serviceaccount|clusterrolebinding|job|token)\b"
)
_HOOK = regex(
    r"-X\s*[\"']?(?:POST|PUT)|--request[= ][\"']?(?:POST|PUT)|--data\b|\s-d\s|\bPOST\b|--post|"
    r"-Method\s+Post",
    re.I,
)
_HOOKED = regex(
    r"deploy(?!ments?\b)|(?<!web)hooks?[/_.-]|dispatches|/trigger|/pipelines?\b|rollout|/build\b|redeploy",
    re.IGNORECASE,
)
_ADDRESS = regex(r"(?:https?://|\$\{?)[^\s\"']+")
_TOLD = regex(
    r"slack|discord|teams|telegram|webhook\.office|sentry|newrelic|datadog|grafana|annotations|statuses|notify"
    r"|deployment_?marker|honeycomb|dora|/deployments\b|markers|comments?\b|metrics|mattermost|chat",
    re.IGNORECASE,
)
_JAVA = regex(
    r"\b(?:azure-(?:webapp|functions|spring-apps|container-apps)|appengine|heroku|fabric8|oc|k8s|"
    r"wildfly|tomcat\d?|cargo|"
    r"beanstalk|beanstalker|lambda|cf|quarkus):\w*(?:deploy|apply|run)\w*|\bappengineDeploy\w*|"
    r"\bazureWebAppDeploy\b"
    r"|-Dquarkus\.(?:kubernetes|openshift)\.deploy=true"
)
_JAVA_IMAGE = regex(
    r"\bjib:build\b|[\s:]jib\b|\bdockerPush\w*|\bdocker:push\b|pushImage|build-image\b.*publish|"
    r"bootBuildImage.*publishImage"
    r"|container-image\.push=true|fabric8:push"
)
_JAVA_STORE = regex(r"\b(?:publish\w*(?:Bundle|Apk|App)|appDistributionUpload\w*|promote\w*Artifact)\b")
_POWERSHELL = regex(
    r"\b(?:Publish-Az\w*(?:WebApp|Function\w*)|New-Az\w*Deployment|New-AzureRm\w*Deployment|"
    r"Set-AzWebApp|Update-Az\w*App\w*"
    r"|Publish-ServiceFabric\w*|Start-ServiceFabric\w*|New-AzContainer\w*|Invoke-AzVMRunCommand|"
    r"Publish-AWSPowerShellLambda"
    r"|Update-LMFunctionCode|Update-ECSService|New-CDDeployment)\b",
    re.IGNORECASE,
)
_DEPLOY_WORD = regex(
    r"(?:[\w.+/@-]+:)?(?:re)?deploy(?:ments?:create)?(?:[:-](?!key|docs|storybook|token|log)[\w:-]+)?"
)
_NO_WORD = word_set(
    """
    kubectl oc git docker docker-compose podman helm kustomize yq jq sed helmfile mkdocs mike make npm yarn
    pnpm cargo terraform tofu gh hub vault cd cp mv rm mkdir ls cat find kubeconform kubeval sentry-cli pip
    zip tar hardhat forge truffle anchor npx dotnet go kind minikube k3d tilt op
    doppler task just bun node python
    ruby mvn gradle newrelic datadog-ci aws az gcloud argocd codecov ghcr trivy yamllint ansible-lint
    flux kubeseal
    """
)
_PROGRAMS = word_set("python node ruby php pwsh powershell go deno bun ts-node tsx perl groovy")
_PROGRAM = regex(
    r"[\w./\\-]*deploy[\w./-]*\.(?:py|js|mjs|cjs|ts|rb|php|ps1|pl|go|groovy)\b|(?:\./)?cmd/\S*deploy\S*", re.I
)
_GIT_PUSH = regex(
    r"(?:subtree )?push\b.*?\b(heroku|dokku|piku|clever-?cloud|scalingo|gigalixir|pantheon|acquia|"
    r"platformsh)\b"
    r"|push (?:-\S+ )*(production|prod|staging|live) "
)
_PAGES = regex(r"push\b.*\bgh-pages\b")


_ASSIGNED = regex(
    r"(?:(?:local|export|readonly|declare)\s+(?:-\w+\s+)?)?\w{1,60}=\"?\$\(\s*(.*?)\)?\"?\Z", re.DOTALL
)
_NAMED = regex(r"(?:.*/)?[\w.${}-]*(?<!un)deploy(?!ment)[\w-]*(?:\.\w{1,10})?", re.IGNORECASE)


_QUIET = (
    *(
        "echo ",
        "cd ",
        "mkdir ",
        "export ",
        "set ",
        "cat ",
        "test ",
        "[",
        "pip ",
        "npm ci",
        "npm install",
        "apt",
        "sudo apt",
    ),
    *(
        "kubectl rollout status",
        "kubectl get ",
        "chmod ",
        "source ",
        "sleep ",
        "exit ",
        "printf ",
        "docker build ",
        "rm ",
    ),
    *(
        "pytest",
        "make",
        "npm test",
        "npm run",
        "go test",
        "python -m p",
        "docker run --rm ",
        "./gradlew test",
        "true",
    ),
)
"""Beginnings of commands that deploy nothing, of which most steps consist."""


@lru_cache(8192)
def act(text: str) -> Act | None:
    """What one simple command deploys or publishes; None where it does neither, or only tries or prints."""
    if text.startswith(_QUIET):
        return None
    text = text[:2000]
    if assigned := _ASSIGNED.match(text):
        text = assigned.group(1)
    parts = unwrapped(words(text))
    if not parts:
        return None
    head = parts[0].rpartition("/")[2].strip("${}()\"'").lower()
    head = _ALIASES.get(head, head)
    if head in ("npm", "pnpm", "yarn", "bun") and len(parts) > 2 and parts[1] in programs():
        parts, head = parts[1:], parts[1]
    rest = " ".join(parts[1:])[:1000]
    found = _known(head, parts, rest) or _other(head, parts, rest, text)
    if found is None or (_NO_RUN.search(text) and found.kind != "tags") or _TESTED.search(text):
        return None
    return found


def _known(head: str, parts: list[str], rest: str) -> Act | None:
    """By the table: the program, and the words after it, options before them left out."""
    entries = programs().get(head)
    if entries is None:
        return None
    for start in _starts(parts):
        after = " ".join(parts[start:])[:1000]
        for kind, pattern in entries:
            matched = pattern.match(after)
            if matched and not _is_third_party(head, rest):
                return _java(head, rest) or Act(kind, f"`{_shown(head, matched.group())}`")
    return _java(head, rest)


def _starts(parts: list[str]) -> list[int]:
    """Where the words that say what to do may begin: at once, or after options and their values."""
    found, at, may_be_value = [1], 1, False
    while at < min(len(parts), 14):
        if parts[at].startswith("-"):
            may_be_value = "=" not in parts[at]
        else:
            found.append(at)
            if not may_be_value:
                break
            may_be_value = False
        at += 1
    return found


def _shown(head: str, matched: str) -> str:
    shown = " ".join([head, *[w for w in matched.split() if not w.startswith("-")][:4]])
    return shown[:60].replace("`", "")


def _is_third_party(head: str, rest: str) -> bool:
    """Whether what is applied is another project's: a chart of theirs, a file from the web."""
    if head == "helm":
        return _ELSEWHERES.search(f" {rest}") is not None or rest.startswith(("plugin", "repo"))
    if head in ("kubectl", "oc"):
        return _FETCHED.search(rest) is not None or _NAMESPACE.search(rest) is not None
    return (
        head in ("rsync", "scp")
        and re.search(r"\S:\S*\s+\S+\s*\Z", rest) is not None
        and not re.search(r"\S:\S*\s*\Z", rest)
    )


def _java(head: str, rest: str) -> Act | None:
    """Maven and Gradle deploy and publish by plugins."""
    if head not in ("mvn", "gradle", "sbt"):
        return None
    if found := _JAVA.search(rest):
        return Act("deploys", f"`{head} {found.group()[:50]}`")
    if found := _JAVA_STORE.search(rest):
        return Act("store", f"`{head} {found.group()[:50]}`")
    if found := _JAVA_IMAGE.search(rest):
        return Act("image", f"`{head} {found.group().strip()[:50]}`")
    return None


def _other(head: str, parts: list[str], rest: str, text: str) -> Act | None:
    """What no program's own words tell: a push to a platform, a hook, a word that says it."""
    if head == "git":
        if found := _GIT_PUSH.search(rest):
            return Act("deploys", f"`git push {found.group(1) or found.group(2)}`")
        return Act("pages", "`git push` to `gh-pages`") if _PAGES.search(rest) else None
    if head in ("curl", "http", "wget", "invoke-webrequest", "invoke-restmethod", "xh"):
        asked = _HOOK.search(text) or re.search("deploy_?hook", text, re.IGNORECASE)
        where = " ".join(_ADDRESS.findall(text))
        if asked and _HOOKED.search(where) and not _TOLD.search(text):
            return Act(
                "starts", "a call of a deploy hook" if re.search("deploy", text, re.I) else "a call of a hook"
            )
        return None
    if (
        head in ("yq", "sed", "perl", "gsed")
        and ("-i" in rest or "-pi" in rest or "pi -e" in rest)
        and re.search(r"\bimage|[tT]ag\b", rest)
        and re.search(r"ya?ml|values|kustomiz|\$", rest)
    ):
        return Act("tags", f"`{head}` sets the image's tag")
    if head in ("sbt",):
        return _java(head, rest)
    if "deploy" not in text.lower() and "-Az" not in text:
        return None
    if found := _POWERSHELL.search(text):
        return Act("deploys", f"`{found.group()}`")
    return _by_word(head, parts, rest)


def _by_word(head: str, parts: list[str], rest: str) -> Act | None:
    """A program that is told to deploy by a word of its own, or is named for it."""
    if head in _PROGRAMS and (found := _PROGRAM.search(rest)):
        return Act("starts", f"`{found.group()[:60]}`")
    if "/" in parts[0] and _NAMED.fullmatch(parts[0]):
        return Act("starts", f"`{parts[0][:60]}`")
    if head in _NO_WORD or of_text(" ".join(parts)) in ("nothing", "setup", "build", "lint", "test"):
        return None
    for word in parts[1:5]:
        if _DEPLOY_WORD.fullmatch(word):
            return Act("deploys", f"`{_shown(head, word)}`")
    return None
