"""What a command or an action is for: a test, a load test, a build, a lint, or nothing that matters."""

import posixpath
import re
from functools import lru_cache
from typing import Literal

from catalog.regex import regex
from scorecards.reading.invocation import unwrapped
from scorecards.reading.pipeline import Command, Step
from scorecards.reading.words import word_set, words

Purpose = Literal["test", "load", "build", "lint", "setup", "nothing", "other"]

_NOTHING = word_set(
    """
    echo printf true : exit sleep set export unset cd pushd popd cat ls pwd env date mkdir rm cp mv
    chmod chown touch test [ [[ return shift local declare readonly read source . trap wait ulimit
    umask whoami id uname for select esac function tee sort head tail grep sed awk cut tr wc find
    xargs printenv free df du ps kill break continue which type hash eval exec ./configure tar unzip
    gzip zip curl wget git svn ssh-keyscan ssh-add ssh-agent gpg apt apt-get apk yum dnf brew choco
    snap sdk nvm rbenv pyenv asdf gem systemctl service jq yq base64 openssl ln stat diff basename
    dirname realpath sudo su node_modules write-host
    """
)
_SETUP = regex(
    r"""
    (?:pip3?|pipx|npm|yarn|pnpm|bun|go|cargo|gem|bundle|poetry|uv|conda|mamba|composer|dotnet
    |pdm|pipenv|helm|python3?\s+-m\s+pip|luarocks|cpanm?|mix|rustup|opam|stack|cabal|rebar3
    |asdf|pod|carthage|terraform|tofu)(?:\s+-\S+){0,6}\s+(?:install|i|ci|add|sync|get|restore
    |update|download|mod|tool|local\.\w+|deps\.get|setup|config|init|lock|repo|dependency|component
    |target|cache|login|login|pull|fetch|upgrade|env)\b
    """,
    re.VERBOSE,
)
_VERSION = regex(r"\S+(?:\s+\S+)?\s+(?:--version|-version|--help|-h|-V|version)\s*\Z")
_SKIPPED = regex(
    r"""
    -DskipTests(?!=false)|-Dmaven\.test\.skip(?!=false)|-x\s+[:\w]*(?:test|check)\b|--exclude-task[= ]test
    |--collect-only|--co\b|--list-?[tT]ests|--no-run\b|--dry-?run\b|-run[= ]['"]?(?:\^\$|NONE
    |XXX|\^\#)|go\ test\b.*\s-(?:c|list)\b|ctest\b.*\s(?:-N|--show-only)|--no-?test\b
    |(?:tox|nox)\b(?:\s+-\S+)*\s+(?:-l|-a|--list\S*)(?=\s|\Z)|--version\b|--help\b|--skip-?[tT]ests?\b|-PskipTests|--build-only
    """,
    re.VERBOSE,
)
_RUNNER = regex(
    r"""
    (?:^|[\s"'=/(])(?:pytest|py\.test|python3?\s+-m\s+(?:pytest|unittest|nose2?|doctest|behave
    |tox|nox)|unittest|nosetests|nose2|trial|behave|robot|tox|nox|green|coverage\s+run|manage\.py\s+test
    |\bhatch\s+test|slipcover|stestr|zope-testrunner|go\s+test|gotestsum|ginkgo|richgo\s+test
    |courtney|go\s+tool\s+gotestsum|cargo\s+(?:\+\S+\s+)?(?:-\S+\s+){0,6}(?:test|nextest|tarpaulin
    |llvm-cov|t|hack\s+test)|cross\s+test|wasm-pack\s+test|(?:npm|pnpm|yarn|bun)\s+(?:\S+\s+){0,6}?(?:test
    |tst)[:\w-]*|npm\s+t|jest|vitest|mocha|ava|tap|tape|jasmine|karma\s+start|qunit|uvu|c8
    |nyc|lab|poku|bun\s+test|deno\s+test|node\s+(?:-\S+\s+){0,6}--test|cypress\s+(?:run|c)\w*
    |playwright\s+test|wdio|testcafe|nightwatch|protractor|codeceptjs\s+run|web-test-runner
    |wtr|ng\s+(?:test|e2e)|react-scripts\s+test|react-app-rewired\s+test|craco\s+test|vue-cli-service\s+test\S*
    |rspec|rake\s+\S*(?:test|spec|cucumber|default)\S*
    |rails\s+(?:\S*test\S*|spec)|cucumber(?:-js)?|minitest|m\s+test|knapsack\S*|turbo_tests
    |parallel_(?:r?spec|test)|ruby\s+-I\S*\s*test\S*|phpunit|pest|paratest|artisan\s+test|codecept\s+run
    |phpspec\s+run|behat|simple-phpunit|dotnet\s+(?:test|vstest)
    |vstest\S*|nunit\S*-console|xunit\.console\S*|cake\s+.*test|nuke\s+\S*test|swift\s+test
    |xcodebuild\s.*\btest\S*|fastlane\s+\S*(?:test|scan)\S*|flutter\s+(?:test|drive)|dart\s+(?:test
    |run\s+test)|maestro\s+test|detox\s+test|mix\s+(?:test|coveralls)\S*|rebar3\s+(?:\S+\s+){0,6}?(?:eunit
    |ct|proper)\S*|make\s+(?:\S+\s+){0,6}?(?:tests?|check|e2e|spec)|stack\s+(?:\S+\s+){0,6}?test
    |cabal\s+(?:\S+\s+){0,6}?test|ctest|meson\s+test|ninja\s+(?:\S+\s+){0,6}?(?:test|check)
    |prove|bats|shellspec|shunit2|cmake\s+--build\s.*--target\s+(?:test|check)|lein\s+(?:\S+\s+){0,6}?(?:test
    |midje|cloverage)|clj\S*\s+\S*test\S*|clojure\s+\S*test\S*|kaocha|sbt\s.*\b(?:test|testOnly
    |coverage|it:test|validate)\S*|mill\s+\S*test\S*|busted|R\s+CMD\s+check|crystal\s+spec
    |zig\s+(?:build\s+)?test|dub\s+test|nimble\s+test|dune\s+(?:run)?test|forge\s+test|hardhat\s+test
    |truffle\s+test|anchor\s+test|aptos\s+move\s+test|sui\s+move\s+test|v\s+test|gleam\s+test
    |raco\s+test|elm-test|spago\s+test|pub\s+run\s+test|bazel(?:isk)?\s+(?:-\S+\s+){0,6}(?:test
    |coverage)|buck2?\s+test|pants\s+(?:\S+\s+){0,6}?test|please\s+test|plz\s+test|earthly\s.*\+\S*test\S*
    |dagger\s.*\btest\S*|garden\s+test|skaffold\s+(?:verify|test)|tilt\s+ci|helm\s+(?:test|unittest)
    |ct\s+(?:install|lint-and-install)|terraform\s+test|tofu\s+test|terratest|promtool\s+test
    |opa\s+test|regal\s+test|kyverno\s+test|mimirtool\s+rules\s+test|pint\s+test|kuttl\s+test
    |chainsaw\s+test|kubectl\s+testkube|testkube\s+run|molecule\s+test|kitchen\s+test|goss\s+validate
    |dgoss|inspec\s+exec|container-structure-test|testinfra|nix\s+flake\s+check|sonobuoy\s+run
    |newman\s+run|bru\s+run|hurl\s.*--test|schemathesis\s+run|st\s+run|dredd|tavern-ci|karate
    |pact-\S+|dbt\s+(?:test|build)|great_expectations|sqlmesh\s+test|testthat|devtools::test\S*
    |Pkg\.test\S*|Invoke-Pester|tSQLt|pg_prove|pytest-\S+|mutmut|stryker\s+run|[\w./-]*[-_/]?(?:run
    |do|exec)[-_]?(?:all[-_]?)?(?:unit[-_]?|e2e[-_]?|integration[-_]?)?tests?(?:\.\w+)?)(?=[\s"');:]
    |\Z)
    """,
    re.VERBOSE,
)
_JVM = regex(
    r"""
    (?:^|[\s/])(?:(?:mvn|mvnw|maven)\b.*\s(?:test|verify|install|package|deploy|integration-test
    |surefire:test|failsafe:\S+|site)\b|(?:gradle|gradlew|gw)(?:\.bat)?\b.*\s(?::?[\w:-]*(?:[tT]est
    |[cC]heck|build|verify|jacoco)\w*)(?=\s|\Z)|ant\s+(?:\S+\s+){0,6}?\S*test\S*)
    """,
    re.VERBOSE,
)
_COMPOSE = regex(
    r"""
    docker[- ]compose\b.*\b(?:tests?|e2e|sut|integration|spec)\b.*|docker[- ]compose\b.*--exit-code-from
    """,
    re.VERBOSE,
)
_SCRIPT = regex(r"[\w./-]{1,200}\.(?:sh|py|js|mjs|cjs|ts|rb|pl|php|ps1|go|bash|exs)")
_LOAD = regex(
    r"""
    (?:^|[\s/"'])(?:k6\s+(?:run|cloud)|\$K6\S*\s+run|locust|artillery\s+run\S*|vegeta\s+attack
    |wrk2?|hey|ab|autocannon|jmeter\S*|gatling\S*|bombardier|fortio\s+load|drill)(?=\s|\Z)
    |gatling:test|gatlingRun|jmeter:jmeter
    """,
    re.VERBOSE,
)
_BUILD = regex(
    r"""
    (?:^|[\s/])(?:docker\s+(?:\S+\s+)?(?:build|bake)|docker[- ]compose\b.*\bbuild|podman\s+build
    |buildah|kaniko|ko\s+(?:build|publish)|pack\s+build|jib\S*|s2i\s+build|go\s+(?:build|vet
    |generate|install)|cargo\s+(?:build|check|doc)|dotnet\s+(?:build|publish|pack)|mvn\b.*
    |mvnw\b.*|gradlew?\b.*|msbuild|tsc|webpack|vite\s+build|next\s+build|nuxt\s+(?:build|generate)
    |rollup|esbuild|ng\s+build|(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?\S*(?:build|compile|bundle
    |generate|package)\S*|python3?\s+(?:-m\s+build|setup\.py\s+\S+)|poetry\s+build|hatch\s+build
    |make\b.*|cmake|ninja|bazel\s+build|swift\s+build|xcodebuild|flutter\s+build|mix\s+compile
    |sbt\s|hugo|jekyll\s+build|mkdocs\s+build|sphinx-build|kustomize\s+build|kubectl\s+kustomize
    |helm\s+(?:template|package)|helmfile\s+(?:template|diff)|jsonnet\S*|terraform\s+plan|packer\s+build
    |sam\s+build|cdk\s+synth|serverless\s+package|flux\s+build|argocd\s+app\s+diff)(?=\s|\Z)
    """,
    re.VERBOSE,
)
_LINT = regex(
    r"""
    (?:^|[\s/"'])(?:eslint|ruff|flake8|pylint|black|isort|mypy|pyright|bandit|golangci-lint
    |golint|gofmt|goimports|staticcheck|clippy|rubocop|standard|prettier|stylelint|biome|shellcheck
    |shfmt|hadolint|yamllint|actionlint|markdownlint\S*|kubeconform|kubeval|kube-linter|kube-score
    |polaris|conftest|checkov|tfsec|tflint|trivy|grype|snyk|semgrep|gitleaks|terraform\s+(?:validate
    |fmt)|tofu\s+(?:validate|fmt)|helm\s+lint|ct\s+lint|promtool\s+check|amtool\s+check-config
    |pre-commit\s+run|sqlfluff|sonar-scanner|phpstan|psalm|phpcs|php-cs-fixer|cargo\s+(?:fmt
    |clippy|deny|audit)|dotnet\s+format|ktlint|detekt|checkstyle|spotless\S*|credo|dialyzer
    |mix\s+(?:format|credo)|npm\s+audit|audit-ci|pip-audit|safety|vacuum|spectral|buf\s+lint|kubectl\s+.*--dry-run\S*
    |(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?\S*(?:lint|format|type|check|validate|audit)\S*|kustomize
    |openapi\S*|redocly|ajv|json-?lint|check-jsonschema|vale|cspell|codespell|commitlint|reuse\s+lint
    |addlicense|git\s+diff\s+--exit-code)(?=\s|\Z|[:'"])
    """,
    re.VERBOSE,
)
_TEST_NAME = regex(
    r"""
    (?:^|[^a-z])(?:tests?|unit|e2e|integration|specs?|smoke|acceptance|coverage|testing|regression
    |pytest)(?:[^a-z]|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_TEST_NAME = regex(
    r"""
    build|lint|image|deps|install|setup|clean|format|fmt|report|results?\b|env\b|compile|data
    |seed|fixtures?|publish|upload|docs?\b|summary|generate|push|deploy
    """,
    re.VERBOSE | re.IGNORECASE,
)


_ARRAY = regex(r"\w+\+?=\(|command -")
_STARTING = regex(r"docker[- ]compose\b(?:\s+-\S+(?:\s+\S+\.ya?ml)?){0,6}\s+(?:down|pull|ps|logs|stop|rm)\b")
_ASSIGNED = regex(r"\w{1,60}=\"?(?:\$\(|`)(.*)[)`]\"?", re.DOTALL)
_INLINE = regex(r"(?:\S*/)?(?:node|python3?|ruby|perl|php|deno|bun)\s+(?:-[ecrp]|--eval|eval)\s")
_ASSERTS = regex(r"assert|exit|raise|throw|unittest|pytest|fail", re.IGNORECASE)


@lru_cache(4096)
def of_text(text: str) -> Purpose:
    """What a simple command is for, by its words alone."""
    text = text[:1000]
    assigned = _ASSIGNED.fullmatch(text)
    if assigned:
        return "test" if of_text(assigned.group(1)) == "test" else "nothing"
    if _ARRAY.match(text) or (_INLINE.match(text) and not _ASSERTS.search(text)):
        return "nothing"
    parts = unwrapped(words(text))
    if not parts:
        return "nothing"
    head = parts[0].rpartition("/")[2].lower() if not parts[0].startswith("./") else parts[0]
    plain = " ".join(parts)
    if _STARTING.match(plain):
        return "setup"
    if head in ("which", "type", "hash") or _VERSION.fullmatch(plain) or _SETUP.match(plain):
        return "setup"
    if head in _NOTHING:
        return "lint" if head == "git" and "--exit-code" in plain else "nothing"
    if _LOAD.search(plain):
        return "load"
    if _is_test(plain):
        return "build" if _SKIPPED.search(plain) else "test"
    return _other_work(plain)


def _other_work(text: str) -> Purpose:
    if _LINT.search(text):
        return "lint"
    return "build" if _BUILD.search(text) else "other"


_BREAKS = regex(r"[\s\"'=/();:]+")
_HINTS = (
    "test",
    "spec",
    "check",
    "verify",
    "e2e",
    "cypress",
    "gradle",
    "mvn",
    "maven",
    "ant ",
    "exit-code-from",
)
_HEADS = word_set(
    """
    trial behave robot tox nox green coverage slipcover ginkgo courtney cargo jest mocha ava tap tape jasmine
    karma qunit uvu c8 nyc lab poku wdio nightwatch protractor codeceptjs wtr ng cucumber cucumber-js m
    behat phpunit codecept cake nuke xcodebuild fastlane flutter detox maestro mix rebar3 prove bats shunit2
    lein kaocha sbt mill busted r julia pants tilt skaffold ct goss dgoss inspec sonobuoy newman bru hurl
    schemathesis st dredd tavern-ci karate dbt great_expectations invoke-pester tsqlt pg_prove mutmut stryker
    knapsack turbo_tests pest rake npm python python3 nix kitchen molecule
    """
)
"""First words of test runners whose command need not hold one of the hints."""


def _is_test(text: str) -> bool:
    lowered = text.lower()
    hinted = any(hint in lowered for hint in _HINTS) or not _HEADS.isdisjoint(_BREAKS.split(lowered))
    if hinted and (_RUNNER.search(text) or _JVM.search(text) or _COMPOSE.search(text)):
        return True
    parts = text.split(" ", 12)[:12]
    if parts[0].rpartition("/")[2] in _NAMED:
        names = [n for part in parts[1:] for n in part.removeprefix("--target=").split(",") if n[:1] != "-"]
        return any(_names_test(n.rpartition(":")[2] or n) or _names_test(n) for n in names)
    parts = parts[:4]
    return parts == ["rake"] or parts[1:3] == ["setup.py", "test"] or _is_test_script(parts)


_NAMED = word_set(
    "make npm yarn pnpm bun just task nx turbo lerna gulp grunt composer mage inv invoke poe pdm hatch mise"
)


def _names_test(name: str) -> bool:
    return _TEST_NAME.search(name) is not None and _NO_TEST_NAME.search(name) is None


def _is_test_script(parts: list[str]) -> bool:
    """A program named for tests: `python tests/run.py`, `./ci/integration-test.sh`."""
    return any(_SCRIPT.fullmatch(part) and _TEST_NAME.search(part) for part in parts)


def of_command(command: Command) -> Purpose:
    """What a command is for; one that was opened or leads nowhere is for nothing by itself."""
    return "nothing" if command.opened or command.lost else of_text(command.text)


def named_test(via: tuple[str, ...]) -> bool:
    """Whether a call on the way here is named for a test: `make test`, `npm run e2e`, `scripts/test.sh`."""
    return any(_names_test(name) for name in via)


_ACTION = regex(
    r"""
    (?:^|[-_/ .])(?:run-?)?(?:tests?|pytest|unit-?tests?|e2e|rspec|phpunit|jest|cypress(?:-io/github-action)?
    |playwright|runtest|unittest|chainsaw|kuttl|testing|testkube)(?:[-_/@. ]|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_ACTION = regex(
    r"""
    report|result|summary|setup|publish|upload|download|cache|install|chart-testing-action
    |analytics|-env|comment|select|split|image|trufflehog|tests?-data|junit|badge
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BUILD_ACTION = regex(
    r"""
    build|lint|codeql|kubeconform|validat|scan|trivy|semgrep|snyk|sonar|kustomize
    |spectral|checkov|conftest|flux-local|flate|diff|render|reviewdog|pre-commit|prettier
    |gitleaks|compile|super-linter|schema|format|typecheck|kaniko|docker_task|tfsec
    """,
    re.VERBOSE | re.IGNORECASE,
)


_REGISTRY = regex(r"^(?:docker://)?(?:[\w-]+\.)+(?:io|com|dev|org|net)/|\bcloud-builders?(?:-community)?/")


def of_uses(step: Step) -> Purpose:
    """What an action, orb, template or task is for, by its name."""
    name = _REGISTRY.sub("", step.uses.partition("@")[0])
    if not name or name.startswith("./"):
        return "nothing"
    if re.search(r"k6-action|/run-k6|artillery|locust|gatling|jmeter", name):
        return "load"
    if _ACTION.search(name) and not _NO_ACTION.search(name):
        return "test"
    lowered = posixpath.basename(name).lower()
    if lowered.startswith(("vstest", "visualstudiotest")):
        return "test"
    return "build" if _BUILD_ACTION.search(name) and not re.search(r"setup|login|cache", name) else "other"


def of_strings(step: Step) -> Purpose:
    """Whether an input of something that stands elsewhere holds a test command: it tells what that does."""
    for text in step.strings():
        if len(text) < 2000 and any(of_text(line) == "test" for line in text.split("\n")[:50]):
            return "test"
    return "other"
