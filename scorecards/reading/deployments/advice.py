"""What to change so that the service is deployed by itself, in the words of what the repository holds."""

import posixpath

from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.reading.deployments.deployment import Deployment
from scorecards.reading.paths import paths
from scorecards.reading.scope import aside, is_neighbours
from scorecards.reading.stack import ci_file, system_name
from scorecards.result import Status

_NAMED = (
    ("chart.yaml", "helm upgrade --install {name} {folder}"),
    ("kustomization.yaml", "kubectl apply -k {folder}"),
    ("serverless.yml", "npx serverless deploy"),
    ("samconfig.toml", "sam deploy"),
    ("template.yaml", "sam deploy"),
    ("cdk.json", "npx cdk deploy --require-approval never"),
    ("fly.toml", "flyctl deploy --remote-only"),
    ("wrangler.toml", "npx wrangler deploy"),
    ("vercel.json", "npx vercel deploy --prod"),
    ("netlify.toml", "npx netlify deploy --prod"),
    ("procfile", "git push heroku HEAD:main"),
    ("main.tf", "terraform apply -auto-approve"),
)


def fix(snapshot: Snapshot, service: Service, found: list[Deployment]) -> str:
    """One sentence or two that say what to change and where."""
    system, path = ci_file(snapshot, service)
    job = f"a job for the default branch to `{path}` ({system_name(system)})"
    best = max(found, key=lambda d: d.status.rank, default=None)
    if best is not None and best.kind in ("script", "target"):
        return f"Add {job} that runs {best.what}, so that nobody has to deploy {service.name} by hand."
    if best is not None and best.status is Status.UNKNOWN and best.kind != "outside":
        command = _command(snapshot, service)
        return (
            f"If a push deploys {service.name} already, say so in a file: deploy from the pipeline, by"
            f" {job}" + (f" that runs `{command}`." if command else ".")
        )
    if best is not None and best.status in (Status.PARTIAL, Status.UNKNOWN):
        if best.kind in ("image", "tags", "outside"):
            command = (
                _command(snapshot, service)
                or f"kubectl set image deployment/{service.name} {service.name}=IMAGE"
            )
            return (
                f"After it, run `{command}` in {job}, or name the repository that deploys it in the"
                " descriptor: `handrail.dev/evidence: <repository>`."
            )
        return f"In `{best.path}`, see to it that it deploys {service.name}: {best.why}."
    command = _command(snapshot, service)
    told = f"that runs `{command}`" if command else "that deploys it"
    return (
        f"Add {job} {told}. Where the deployment of {service.name} stands in another repository, name that in"
        " the descriptor: `handrail.dev/evidence: <repository>`."
    )


def _command(snapshot: Snapshot, service: Service) -> str:
    """What deploys the service, told from the files it has; "" where none tells."""
    for name, command in _NAMED:
        for path in paths(snapshot).named(name):
            if not aside(path, service) and not is_neighbours(path, service):
                folder = posixpath.dirname(path) or "."
                return command.format(name=service.name, folder=folder)
    for path in paths(snapshot).ending("yaml", "yml"):
        if (
            "kind: Deployment" in (snapshot.text(path) or "")
            and not aside(path, service)
            and "{{" not in (snapshot.text(path) or "")
        ):
            return f"kubectl apply -f {posixpath.dirname(path) or path}"
    return ""
