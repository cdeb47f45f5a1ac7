"""Words by which jobs and steps say what they are for."""

import re
from functools import lru_cache

from catalog.regex import regex

TEST = regex(
    r"(?<![a-z])(?:e2e|tests?|testing|integration|acceptance|smoke|conformance|benchmarks?|ci-?check|verify"
    r"|validate|lint|perf|load-?test|chaos)(?![a-z])",
    re.IGNORECASE,
)
DEPLOY = regex(
    r"deploy(?!ment[-_ ]?tests?)|release|rollout|deliver|(?<![a-z])cd(?![a-z])|publish|staging|"
    r"prod(?:uction)?(?![a-z])|live(?![a-z])|promot|ship(?![a-z])"
    r"|provision|apply|argo|gitops|infra|despliegue|livraison|server|vps|upload|go-?live|push|update|"
    r"infrastructure|環境|部署",
    re.IGNORECASE,
)
PREVIEW = regex(
    r"preview|review[-_ ]?app|(?<![a-z])review(?![a-z])|ephemeral|pr[-_ ]env|per[-_ ]pr|channel:deploy|"
    r"pull[-_ ]request[-_ ]env",
    re.I,
)


@lru_cache(4096)
def is_for_test(names: str) -> bool:
    """Whether names say that something is for a test, and none that it deploys."""
    return TEST.search(names) is not None and DEPLOY.search(names) is None


@lru_cache(4096)
def is_test_job(job: str) -> bool:
    """Whether a job's own name says that it tests; `test` alone may be an environment."""
    return _TESTS.search(job) is not None and DEPLOY.search(job) is None


_TESTS = regex(
    r"(?<![a-z])(?:e2e|tests|integration|acceptance|smoke|conformance|[a-z]+[-_ ]test)(?![a-z])",
    re.IGNORECASE,
)
