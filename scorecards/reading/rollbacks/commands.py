"""Ways back that a shell command is: `kubectl rollout undo`, `helm rollback`, the captured image again."""

import re
from functools import lru_cache

from catalog.regex import regex
from scorecards.reading.invocation import unwrapped
from scorecards.reading.purpose import of_text
from scorecards.reading.words import words

_DATABASE = regex(
    r"\b(?:db|database|migrat\w*|alembic|flyway|liquibase|sequelize|knex|prisma|typeorm|schema|sql|psql|mysql|"
    r"ecto|goose|dbmate|rake\s+db\S*|diesel|doctrine|sqlx|phinx|atlas)\b|db:|migrate:",
    re.IGNORECASE,
)
_UNDO = regex(r"\b(?:kubectl|oc|k)\s+(?:\S+\s+){0,8}?rollout\s+undo\b|\boc\s+rollback\b")
_DIRECT = regex(
    r"""
    \bhelm\s+(?:\S+\s+){0,6}?rollback\b|\bargocd\s+(?:\S+\s+){0,4}?app\s+rollback\b
    |\bargo\s+rollouts\s+(?:undo|abort)\b|\bdocker\s+service\s+(?:rollback\b|update\b.*--rollback\b)
    |--update-failure-action[= ]rollback|\bnomad\s+(?:job\s+)?revert\b|\bheroku\s+(?:releases:)?rollback\b
    |\b(?:vercel|kamal|serverless|sls|railway|waypoint|eas\s+update
    |firebase)\s+(?:\S+\s+){0,3}?\S*rollback\S*
    |\bfly(?:ctl)?\s+releases\s+rollback\b|\bcf\s+(?:rollback|cancel-deployment)\b|\bwrangler\s+rollback\b
    |\bcap\s+\S+\s+deploy:rollback|\bgcloud\s+deploy\s+(?:targets\s+rollback|rollouts\s+cancel)
    |\bgcloud\s+(?:\S+\s+)?run\s+services\s+update-traffic\b.*--to-revisions
    |\bgcloud\s+app\s+services\s+set-traffic\b|--auto-rollback\b
    |--auto-rollback-configuration\S*\s+enabled=true
    |\baws\s+deploy\s+stop-deployment\b.*--auto-rollback-enabled|\baws\s+ecs\s+\S+.*rollback=true
    |\baws\s+lambda\s+update-alias\b.*(?:--routing-config|--function-version)|\bansistrano\b.*rollback
    |\baws\s+ecs\s+stop-service-deployment\b.*ROLLBACK|\bazd?\s+containerapp\s+ingress\s+traffic\s+set\b
    |\bdep(?:loyer)?\s+rollback\b|\bcapistrano\b.*rollback|\bkeptn\b.*\brollback\b|\bspin\b.*\brollback\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ATOMIC = regex(r"\bhelm(?:file)?3?\s.*(?:--atomic|--rollback-on-failure)(?![=\s]false)(?=[\s=]|\Z)")
_DEPLOY = regex(
    r"""
    \b(?:kubectl|oc)\s+(?:\S+\s+){0,6}?(?:set\s+image|apply|patch|replace|rollout|create)\b
    |\bhelm3?\s+(?:\S+\s+){0,6}?upgrade\b|\bhelmfile\s+(?:\S+\s+){0,4}?(?:apply|sync)\b
    |\bkustomize\s+edit\s+set\s+image
    |\baws\s+(?:ecs\s+(?:update-service|register)|deploy\s+create|lambda\s+update|s3\s+(?:cp|sync)
    |elasticbeanstalk|apprunner)
    |\bgcloud\s+(?:\S+\s+)?(?:run\s+(?:deploy|services)|app\s+deploy|deploy\s+releases|functions\s+deploy
    |compute)
    |\baz\s+(?:webapp|functionapp|containerapp|aks|acr\s+import|deployment)\b
    |\bdocker\s+(?:stack|service|run)\b
    |\bdocker[- ]compose\b.*\bup\b
    |\b(?:flyctl|fly|vercel|netlify|wrangler|railway|dokku|cf|sam|cdk|serverless|sls|eb|nomad|pulumi)\s+
    (?:\S+\s+){0,3}?(?:deploy|push|run|up|update|promote|alias)\b|\bterraform\s+apply\b|\bansible-playbook\b
    |\bargocd\s+app\s+(?:set|sync)
    |\bgit\s+revert\b|\bln\s+-\S*s\S*\b|\bsystemctl\s+restart\b|\bpm2\s+(?:reload|restart|deploy)\b
    |\bskaffold\s+(?:deploy|run)|\bwerf\s+converge
    """,
    re.VERBOSE,
)
_EARLIER = regex(
    r"[$\{]\{?[\w.\-() ]{0,60}(?:prev(?!iew)|rollback|roll_back|last_?-?(?:good|stable|known|success|working)"
    r"|(?:stable|old)_?(?:image|tag|version|revision|release|task))",
    re.IGNORECASE,
)
_SWAP = regex(r"\baz\s+(?:webapp|functionapp)\s+deployment\s+slot\s+swap\b|\bset-traffic\b|\bswap\b")
_NAMED = regex(r"roll(?:ing)?[-_ ]?back|\brevert|\bundo\b", re.IGNORECASE)


_TRIED = regex(r"\s--dry-run(?!=(?:none|false))|\s--help\b")


_NAMES = ("roll", "revert", "undo")
_MARKS = ("oll", "OLL", "undo", "atomic", "revert", "abort", "traffic", "cancel", "alias")


def is_named(text: str) -> bool:
    """Whether a name is that of a rollback."""
    lowered = text.lower()
    return any(mark in lowered for mark in _NAMES) and _NAMED.search(text) is not None


def is_database(text: str) -> bool:
    """Whether a text is about a database, whose rollback is another thing."""
    return _DATABASE.search(text) is not None


def is_undo(text: str) -> bool:
    """Whether a command is `kubectl rollout undo`."""
    return _UNDO.search(text) is not None


@lru_cache(4096)
def is_rollback(text: str) -> str:
    """What way back a command is, for a person; empty where it is none, or only prints one."""
    text = text[:2000]
    if not any(mark in text for mark in _MARKS) and not _EARLIER.search(text):
        return ""
    parts = unwrapped(words(text))
    if _TRIED.search(text):
        return ""
    if not parts or (of_text(text) == "nothing" and parts[0] not in ("git", "ln", "eval")):
        return ""
    if _UNDO.search(text):
        return "`kubectl rollout undo`"
    if _ATOMIC.search(text):
        return "an atomic Helm upgrade"
    if _DIRECT.search(text) and not is_database(text):
        return f"`{' '.join(parts[:5])}`"
    if _DEPLOY.search(text) and _EARLIER.search(text):
        return "a deployment of the earlier version"
    return ""


@lru_cache(4096)
def is_deployment(text: str) -> bool:
    """Whether a command changes what runs: in a job named for a rollback that is the way back."""
    text = text[:2000]
    if _HOOK.match(text.lstrip()) and _HOOKED.search(text) and "slack" not in text.lower():
        return True
    parts = unwrapped(words(text))
    if not parts or (of_text(text) == "nothing" and parts[0] not in ("git", "ln", "systemctl")):
        return False
    return (_DEPLOY.search(text) or _SWAP.search(text)) is not None


_HOOK = regex(
    r"\b(?:curl|http|wget)\b.*(?:-X\s*[\"']?POST|--request[= ]POST|--data|\s-d\s|\bPOST\b).*", re.IGNORECASE
)
_HOOKED = regex(r"deploy|hook|release|rollback|rollout", re.IGNORECASE)
