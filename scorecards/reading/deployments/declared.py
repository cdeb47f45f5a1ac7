"""Deployments that a file of a platform or a delivery tool declares, and platforms that deploy by a setting.

Render, Vercel, DigitalOcean (a push deploys, and the file may say so), AWS CodePipeline, Harness, Spinnaker,
Octopus Deploy. Heroku, Netlify, Railway, Amplify and others keep it in a setting that no file shows.
"""

import re
from collections.abc import Iterator

from catalog.document import Map, Seq, dig, maps
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.paths import paths
from scorecards.reading.scope import aside, is_neighbours
from scorecards.result import Status

_PLATFORMS = {
    "vercel.json": "Vercel",
    "now.json": "Vercel",
    "netlify.toml": "Netlify",
    "render.yaml": "Render",
    "render.yml": "Render",
    "procfile": "Heroku or a platform like it",
    "app.json": "Heroku",
    "heroku.yml": "Heroku",
    "amplify.yml": "AWS Amplify",
    "railway.json": "Railway",
    "railway.toml": "Railway",
    "nixpacks.toml": "Railway or a platform like it",
    "apprunner.yaml": "AWS App Runner",
    "app.yaml": "DigitalOcean",
    "koyeb.yaml": "Koyeb",
    ".platform.app.yaml": "Platform.sh",
    "zeabur.json": "Zeabur",
    "staticwebapp.config.json": "Azure Static Web Apps",
    "captain-definition": "CapRover",
    "_config.yml": "GitHub Pages",
    "cname": "GitHub Pages",
    ".nojekyll": "GitHub Pages",
}
_OWN_PAGES = "GitHub Pages"
_SAYS_ON = regex(
    r"^\s*-?\s*(?:autoDeploy:\s*[\"']?(?:true|yes)|autoDeployTrigger:\s*[\"']?(?:commit|checksPass))", re.M
)
_SAYS_OFF = regex(r"^\s*-?\s*(?:autoDeploy:\s*[\"']?(?:false|no)\b|autoDeployTrigger:\s*[\"']?off)", re.M)
_ON_PUSH = regex(r"^\s*-?\s*deploy_on_push:\s*true", re.M)
_TOOLS = ("CodePipeline", "codepipeline", "type: Deployment", "deployManifest", "deployment_process")


def declared(snapshot: Snapshot, service: Service) -> Iterator[tuple[Deployment, str]]:
    """What files declare to deploy the service, each with why it does not count, empty where it does."""
    for found in snapshot.derive(_declared):
        if found.kind == _OWN_PAGES and service.type != "static-site":
            continue
        yield found, _not_counted(service, found.path)


def _not_counted(service: Service, path: str) -> str:
    folder = aside(path, service)
    if folder:
        return f"stands in `{folder}`"
    return "belongs to another service of the repository" if is_neighbours(path, service) else ""


def _declared(snapshot: Snapshot) -> tuple[Deployment, ...]:
    found: list[Deployment] = []
    for name, platform in _PLATFORMS.items():
        for path in paths(snapshot).named(name):
            if (name == "app.yaml" and ".do/" not in path) or (platform == _OWN_PAGES and "/" in path):
                continue
            found += _platform(snapshot, path, name, platform)
    for path in paths(snapshot).ending("yaml", "yml", "json", "tf", "ocl"):
        text = snapshot.text(path)
        if text and any(tool in text for tool in _TOOLS):
            found += _tool(snapshot, path, text)
    return tuple(found[:200])


def _platform(snapshot: Snapshot, path: str, name: str, platform: str) -> Iterator[Deployment]:
    text = snapshot.text(path) or ""
    if name == "app.json" and (
        '"expo"' in text or not re.search(r"\"(?:buildpacks|formation|addons|env|stack|repository)\"", text)
    ):
        return
    if name.startswith("render.") or platform == "DigitalOcean":
        said = (_SAYS_ON if platform == "Render" else _ON_PUSH).search(text)
        if said:
            line = text.count("\n", 0, said.start() + len(said.group()) - len(said.group().lstrip())) + 1
            yield Deployment(
                path,
                line,
                f"{platform}, which deploys each push (`{said.group().strip(' -')}`)".replace("\n", ""),
                Status.PASS,
            )
            return
        if platform == "DigitalOcean" or _SAYS_OFF.search(text):
            why = "it does not deploy by itself"
            yield Deployment(path, 1, f"a file of {platform}", Status.FAIL, why)
            return
    if name == "vercel.json":
        for document in snapshot.parsed(path).documents:
            enabled = dig(document.data, "git", "deploymentEnabled")
            if enabled is False or dig(document.data, "github", "enabled") is False:
                yield Deployment(
                    path, 1, "a file of Vercel", Status.FAIL, "it turns deployments of pushes off"
                )
                return
            if enabled is True:
                yield Deployment(
                    path, 1, "Vercel, which deploys each push (`deploymentEnabled: true`)", Status.PASS
                )
                return
    why = "whether a push deploys is a setting of the platform that no file here shows"
    yield Deployment(
        path, 1, f"a file of {platform}", Status.UNKNOWN, why, _OWN_PAGES if platform == _OWN_PAGES else ""
    )


def _tool(snapshot: Snapshot, path: str, text: str) -> Iterator[Deployment]:
    if path.endswith(".tf"):
        found = re.search(r"resource\s+\"aws_codepipeline\"", text)
        if found and re.search(r"category\s*=\s*\"Deploy\"", text):
            yield Deployment(path, text.count("\n", 0, found.start()) + 1, "AWS CodePipeline", Status.PASS)
        return
    if path.endswith(".ocl"):
        if "deployment_process" in path and "step " in text:
            yield Deployment(path, 1, "an Octopus deployment process", Status.PASS)
        return
    if path.endswith(".json") and len(text) > 300_000:
        return
    for document in snapshot.parsed(path).documents:
        for holder in maps(document.data):
            if holder.get("Type") == "AWS::CodePipeline::Pipeline":
                if any(_is_deploy(m) for m in maps(holder)):
                    yield Deployment(path, holder.line, "AWS CodePipeline", Status.PASS)
            elif holder.get("type") == "Deployment" and isinstance(dig(holder, "spec", "execution"), Map):
                yield Deployment(path, holder.line, "a Harness deployment stage", Status.PASS)
            elif holder.get("type") == "deployManifest" and isinstance(document.get("stages"), Seq):
                yield Deployment(path, holder.line, "a Spinnaker pipeline", Status.PASS)


def _is_deploy(holder: Map) -> bool:
    return holder.get("Category") == "Deploy"
