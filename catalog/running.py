"""Whether something in a folder runs, and as what: each question names the file that answers it.

What runs makes a repository a service: a workload manifest, an image with a start command, a compose file
that builds one, a hosting platform's own file, Terraform with a backend or provider and compute.
"""

import re
from collections.abc import Callable

from catalog.regex import regex
from catalog.survey import BESIDE, MAX_READ, Survey

Answer = tuple[str, str | None]
"""A type of `catalog.service.TYPES`, and the file that says so."""

Question = Callable[[Survey], Answer | None]


def found(kind: str, path: str | None) -> Answer | None:
    """The answer that `path` gives, none where there is no such file."""
    return None if path is None else (kind, path)


_KIND = regex(
    r"^(?P<inner>[ \t-]*)kind:[ \t]*[\"']?(?P<kind>Deployment|StatefulSet|DaemonSet|CronJob|Job|Rollout"
    r"|ReplicaSet|Pod|DeploymentConfig|HelmRelease|Application|ScaledJob|Workflow|CronWorkflow)[\"']?[ \t]*$",
    re.MULTILINE,
)
_HOLDER = regex(r"^kind:[ \t]*[\"']?(?:List|Template)\b", re.MULTILINE)
_OTHER = regex(
    r"^apiVersion:[ \t]*[\"']?serving\.knative\.dev/"
    r"|^releases:[ \t]*\n(?:[ \t#-].*\n|\n){0,30}?[ \t-]+chart:",
    re.MULTILINE,
)
"""Knative services and helmfiles."""
_SCHEDULED = frozenset({"CronJob", "Job", "ScaledJob", "Workflow", "CronWorkflow"})
_LIKELY = (
    "deploy",
    "k8s",
    "kube",
    "manifest",
    "helm",
    "chart",
    "overlay",
    "argo",
    "flux",
    "gitops",
    "nais",
    "job",
)
_UNLIKELY = regex(
    r"(?:^|/)(?:\.(?:github|gitlab|circleci|devcontainer|vscode|idea|buildkite|tekton|cursor)/|docs?/|tests?/"
    r"|mkdocs|openapi|swagger|pnpm-lock|docker-compose)"
)


def workload(files: Survey) -> Answer | None:
    """A manifest that runs something, alone or in a list or OpenShift template; jobs alone make a worker."""
    scheduled: str | None = None
    paths = [*files.ending.get("yaml", ()), *files.ending.get("yml", ())]
    paths.sort(key=lambda path: not any(word in path for word in _LIKELY))
    paths = [path for path in paths[: 2 * MAX_READ] if not _UNLIKELY.search(path, len(files.prefix))]
    for path in paths[:MAX_READ]:
        text = files.text(path)
        if _OTHER.search(text):
            return "service", path
        held: bool | None = None
        for match in _KIND.finditer(text):
            if match["inner"]:
                held = _HOLDER.search(text) is not None if held is None else held
                if not held:
                    continue
            if match["kind"] not in _SCHEDULED:
                return "service", path
            scheduled = scheduled or path
    return found("worker", scheduled)


_START = regex(
    r"^[ \t]*(?:CMD|ENTRYPOINT)[ \t]+(?!\[?[ \t]*\"?(?:/bin/)?(?:ba)?sh\"?[ \t]*\]?[ \t]*$)\S",
    re.MULTILINE | re.IGNORECASE,
)
_FROM = regex(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)", re.MULTILINE | re.IGNORECASE)
_SERVER = regex(r"(?:.*/)?(?:nginx|httpd|caddy|tomcat|wildfly|jetty|payara)\b")


def image(files: Survey) -> Answer | None:
    """A Dockerfile with a start command, its own or that of a server it builds on; a bare shell is none."""
    for path in files.images[:MAX_READ]:
        text = files.text(path)
        bases = _FROM.findall(text)
        if _START.search(text) or (bases and _SERVER.match(bases[-1])):
            return "service", path
    return None


_PROCESS = regex(r"^([A-Za-z0-9_-]+):[ \t]*\S", re.MULTILINE)


def procfile(files: Survey) -> Answer | None:
    """A Procfile; without a web process it is a worker's."""
    path = files.first("procfile")
    names = set(_PROCESS.findall(files.text(path)))
    return found("service" if "web" in names else "worker", path if names else None)


_BUILD = regex(r"(?:^[ \t]+|[{,][ \t]*)build[ \t]*:", re.MULTILINE)


def compose(files: Survey) -> Answer | None:
    """A compose file that builds what it starts."""
    names = [
        name
        for name in files.named
        if name.startswith(("docker-compose", "compose.")) and name.endswith((".yml", ".yaml"))
    ]
    paths = (path for path in files.each(*names) if not BESIDE.search(path, len(files.prefix)))
    return found("service", files.holding(paths, _BUILD))


_SAM = regex(r"AWS::Serverless|AWS::Lambda::Function")
_SERVERLESS = ("serverless.yml", "serverless.yaml", "serverless.ts", "serverless.js", "serverless.json")


def function(files: Survey) -> Answer | None:
    """Serverless Framework, SAM, Azure Functions, Cloudflare Workers."""
    path = files.first(*_SERVERLESS, "wrangler.toml", "wrangler.jsonc", "wrangler.json")
    if path is None and files.first("function.json") is not None:
        path = files.first("host.json")
    return found(
        "function",
        path or files.holding(files.each("template.yaml", "template.yml", "template.json"), _SAM),
    )


_HOSTED = ("fly.toml", "render.yaml", "render.yml", "railway.json", "railway.toml", "dockerrun.aws.json")
_HEROKU = frozenset({"buildpacks", "formation", "addons", "stack", "env", "success_url", "environments"})
_RUNTIME = regex(r"^runtime[ \t]*:", re.MULTILINE)


def platform(files: Survey) -> Answer | None:
    """The file of a hosting platform: Fly, Render, Railway, Elastic Beanstalk, Heroku, App Engine, Nomad."""
    path = files.first(*_HOSTED) or files.holding([files.top("app.yaml", "app.yml")], _RUNTIME)
    if path is None and (heroku := files.top("app.json")) is not None:
        documents = files.snapshot.parsed(heroku).documents
        path = heroku if any(not _HEROKU.isdisjoint(d.mapping) for d in documents) else None
    return found("service", path or next(iter(files.ending.get("nomad", ())), None))


SERVERS = frozenset(
    {"express", "fastify", "koa", "@hapi/hapi", "@nestjs/core", "hono", "apollo-server", "@apollo/server"}
)
RENDERERS = frozenset({"next", "nuxt", "@remix-run/node", "@sveltejs/kit"})
_FUNCTIONS = regex(r"\bfunctions\b|\"builds\"")


def host(files: Survey) -> Answer | None:
    """A host of sites (Netlify, Vercel, Firebase): a service where it also runs code, else a static site."""
    path = files.first("netlify.toml", "vercel.json", "now.json", "firebase.json", "staticwebapp.config.json")
    if path is None:
        return None
    code = files.top("manage.py", "app.py", "main.py") or not files.needs().isdisjoint(SERVERS | RENDERERS)
    return "service" if code or _FUNCTIONS.search(files.text(path)) else "static-site", path


_COMPUTE = regex(
    r"^\s*resource\s+\"(?:aws_(?:instance|ecs_service|ecs_task_definition|lambda_function|autoscaling_group"
    r"|eks_cluster|apprunner_service|launch_template|batch_job_definition|elastic_beanstalk_environment"
    r"|lightsail\w*)|google_(?:compute_instance\w*|cloud_run\w*|cloudfunctions\w*|container_cluster|app_engine\w*)"
    r"|azurerm_(?:linux_\w+|windows_\w+|virtual_machine\w*|function_app\w*|app_service|container_app"
    r"|container_group|kubernetes_cluster)|kubernetes_(?:deployment|stateful_set|daemonset|cron_job|pod)\w*"
    r"|helm_release|digitalocean_(?:droplet|app)|hcloud_server|linode_instance|nomad_job|fly_\w+|heroku_app"
    r"|openstack_compute\w*|vsphere_virtual_machine|docker_container|proxmox_\w+|oci_core_instance)\"",
    re.MULTILINE,
)
_STATE = regex(r"^\s*(?:backend\s+\"|cloud\s*\{|provider\s+\")", re.MULTILINE)


def terraform(files: Survey) -> Answer | None:
    """Terraform with a backend or provider, and compute."""
    paths = files.ending.get("tf", ())
    if not paths or files.holding(paths, _STATE) is None:
        return None
    return found("service", files.holding(paths, _COMPUTE))


_BOOT = regex(
    r"spring-boot-maven-plugin|org\.springframework\.boot['\"]|quarkus-maven-plugin|io\.quarkus['\"]"
)


_DOTNET = regex(r"Microsoft\.NET\.Sdk\.(Web|Worker)\b|<(AzureFunctionsVersion)>")


def dotnet(files: Survey) -> Answer | None:
    """A .NET project for the web, a worker or Azure Functions."""
    kinds: dict[str, str] = {}
    for path in files.ending.get("csproj", ())[:MAX_READ]:
        if not BESIDE.search(path, len(files.prefix)) and (match := _DOTNET.search(files.text(path))):
            kinds.setdefault(match[1] or match[2], path)
    for mark, kind in (("Web", "service"), ("Worker", "worker"), ("AzureFunctionsVersion", "function")):
        if mark in kinds:
            return kind, kinds[mark]
    return None


def server(files: Survey) -> Answer | None:
    """A program that its framework starts as a server, though no file says where it runs."""
    path = files.top("manage.py", "config.ru", "artisan")
    if path is None and files.first("application.yml", "application.yaml", "application.properties"):
        path = files.holding([files.top("pom.xml", "build.gradle", "build.gradle.kts")], _BOOT)
    if path is None and isinstance(files.package("scripts", "start"), str):
        path = None if files.needs().isdisjoint(SERVERS | RENDERERS) else files.top("package.json")
    return found("service", path)


QUESTIONS: tuple[Question, ...] = (
    workload,
    image,
    procfile,
    compose,
    function,
    platform,
    host,
    terraform,
)
"""In this order: what says most surely how it runs comes first."""
