"""What the word in a descriptor's `spec.type` means for scoring."""

from collections.abc import Mapping

_WORDS: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "service": "service backend api webapp web-app web-application application app microservice server"
        " rest-api grpc graphql gateway bff web-service http-service backend-service daemon bot operator",
        "worker": "worker cronjob cron-job cron job scheduled-job batch consumer queue-worker scheduler"
        " background-worker subscriber listener processor",
        "function": "function lambda cloud-function serverless faas aws-lambda azure-function edge-function",
        "static-site": "static-site static static-website spa landing-page blog jamstack",
        "mobile-app": "mobile-app mobile ios android ios-app android-app mobile-application"
        " app-ios app-android",
        "data-pipeline": "data-pipeline pipeline etl elt dag dbt data-job airflow-dag ml-pipeline data-flow",
        "library": "library lib package module sdk framework client client-library plugin npm-package gem"
        " crate shared-library component-library ui-library extension starter",
        "infrastructure-module": "infrastructure-module infrastructure infra terraform terraform-module iac"
        " helm-chart chart ansible ansible-role pulumi cloudformation module-terraform kustomize-base",
        "tool": "tool cli command-line script scripts utility action github-action developer-tool tooling"
        " cli-tool desktop-app desktop template",
        "documentation": "documentation docs doc handbook wiki guide book",
    }.items()
    for word in words.split()
}
_EITHER = frozenset({"website", "web", "web-site", "site", "frontend", "front-end", "ui", "portal"})
"""Words for what a server may render or a host may only deliver."""


def type_of_word(word: str | None) -> str | None:
    """The type that a descriptor's word means: any case, spaces or underscores; `service` if it is unknown.

    None where the files must decide: no word, or one such as `website` that serves for two types.
    """
    plain = "-".join((word or "").lower().replace("_", " ").replace("-", " ").split())
    if not plain or plain in _EITHER:
        return None
    one = f"{plain.removesuffix('ies')}y" if plain.endswith("ies") else plain.removesuffix("s")
    return _WORDS.get(plain) or _WORDS.get(one) or "service"
