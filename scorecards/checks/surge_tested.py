"""More load than usual is put on the service, by itself, against limits that must hold.

## What it looks for

A load test of k6, Locust, Gatling, JMeter, Artillery, Taurus, Azure Load Testing, NBomber, Vegeta, wrk, hey,
autocannon or another load tool, with limits on slowness or errors: `thresholds` of k6, `assertions` of
Gatling, an exit code that a Locust listener sets, `ensure` of Artillery, pass and fail criteria, or a later
step that reads the result and can fail. A pipeline, a schedule or an object in the cluster has to run it, and
heed it.

Without limits, started by hand, with limits switched off (`--no-thresholds`), with a failure that changes
nothing, or with one user alone it is weak. A loop of one's own around `curl` is none: it waits for each
answer and measures nothing under pressure.

## Why it matters

The first surge otherwise comes from users, and finds the pool that is too small, the lock and the missing
index all at once. A limit that is tried every week tells which change made the service slower.

## How to fix it

Take the two or three requests that matter, put twice the usual peak on them for a few minutes against an
environment that may suffer, and let the objectives be the limits. Run it on a schedule.

## Example

    // load/payments.js, run by `k6 run load/payments.js` in a scheduled workflow
    import http from 'k6/http';
    export const options = {
      scenarios: {
        surge: {executor: 'ramping-arrival-rate', preAllocatedVUs: 200, startRate: 50,
                stages: [{target: 400, duration: '2m'}, {target: 400, duration: '5m'}]},
      },
      thresholds: {http_req_failed: ['rate<0.01'], http_req_duration: ['p(99)<500']},
    };
    export default () => http.get(`${__ENV.TARGET}/payments/1`);

## Known limits

Whether the load is more than the service usually bears is not known from files. Tests that a hosted load
service keeps for itself are not seen.
"""

from catalog.aside import aside_folder
from catalog.regex import regex
from catalog.service import Service
from catalog.snapshot import Snapshot
from scorecards.check import Params
from scorecards.facts import Facts
from scorecards.reading.concerns import in_path, is_shared, mentions, other_services, why_not
from scorecards.reading.elsewhere import ANNOTATION, Elsewhere, elsewhere
from scorecards.reading.flaw import Flaw, said, worst
from scorecards.reading.itself import is_tool
from scorecards.reading.load import FINDS, Start, named
from scorecards.reading.loads import Tested, tests
from scorecards.reading.loads.code import ONE_USER
from scorecards.reading.loads.starts import starts
from scorecards.reading.runs import steps
from scorecards.reading.scope import is_neighbours
from scorecards.reading.stack import ci_file, system_name
from scorecards.result import Evidence, Findings, Result, Status
from scorecards.start import Start as Begun
from scorecards.start import fitted

STAGE = 4
REQUIRED = False
EXCEPT: tuple[str, ...] = (
    "worker",
    "static-site",
    "mobile-app",
    "data-pipeline",
    "library",
    "infrastructure-module",
    "tool",
    "documentation",
)
EFFORT = 3

_ABOUT = frozenset(["load", "test", "tests", "perf", "k6", "js", "ts", "py", "yml", "yaml", "jmx", "stress"])
_TOOLS = frozenset(
    [
        *(
            "k6",
            "k6-operator",
            "locust",
            "locust-plugins",
            "gatling",
            "jmeter",
            "artillery",
            "artillery-core",
        ),
        *(
            "vegeta",
            "wrk",
            "wrk2",
            "hey",
            "autocannon",
            "bombardier",
            "oha",
            "fortio",
            "ghz",
            "nbomber",
            "bzt",
        ),
        *("taurus", "flagger", "ddosify", "drill", "loadtest", "goose", "h2load", "cassowary"),
    ]
)
_LOOP = regex(
    r"(?:\bfor\b|\bwhile\b|\bxargs\s+-P|\bparallel\b|\bgather\(|PoolExecutor|Promise\.all)(?s:.{0,2000}?)"
    r"(?:\bcurl\b|\bwget\b|requests\.\w+\(|httpx\.|aiohttp|\bfetch\(|axios|http\.(?:Get|Post)\()"
)
_HOMEMADE = regex(
    r"(?:load|stress|perf(?:ormance)?|soak|spike)[-_]?(?:test(?:s|er|ing)?|gen\w*|run\w*)(?![a-z])"
)
_NO_LIMIT = Flaw(Status.PARTIAL, "no limits decide whether it held")
_NO_RUN = Flaw(Status.PARTIAL, "nothing here runs it")
_ELSEWHERE = regex(r"(?<![a-z])(?:load|perf(?:ormance)?|stress|k6|locust|gatling|jmeter)(?![a-z])")


def evaluate(snapshot: Snapshot, service: Service, facts: Facts, params: Params) -> Result:
    """The best load test that concerns the service."""
    findings = Findings()
    itself = is_tool(snapshot, _TOOLS) if tests(snapshot) else False
    for test in tests(snapshot):
        why = "shows how the tool of this repository works" if itself else _why_not(test, service)
        if why is None:
            _add(findings, test)
        else:
            findings.skip(test.load.path, why, test.load.line)
    for place in elsewhere(service, facts):
        _add_elsewhere(findings, place, service)
    if not findings.answers:
        _called_elsewhere(findings, snapshot, service)
        _loops(findings, snapshot, service)
    _lost(findings, snapshot)
    absent = "No load test with a tool's limits is here."
    holds = any(a.status is Status.PASS for a in findings.answers)
    return findings.best(absent, "" if holds else _fix(snapshot, service, findings))


def _why_not(test: Tested, service: Service) -> str | None:
    path = test.load.path
    # A neighbour that holds nothing but the load for the others.
    serves = is_neighbours(path, service) and _for_load(path, service)
    why = None if serves else why_not(path, service)
    if why is not None or not (is_shared(path, service) or is_neighbours(path, service)):
        return why
    if mentions(test.load.aims, service) or in_path(path, service, _ABOUT):
        return None
    if any(mentions(test.load.aims, o) or in_path(path, o, _ABOUT) for o in other_services(service)):
        return "puts load on another service of this repository"
    return None


def _for_load(path: str, service: Service) -> bool:
    folder = next((o for o in service.neighbours if o and path.startswith(f"{o}/")), "")
    return FINDS.search(folder.rpartition("/")[2].lower()) is not None


def _add(findings: Findings, test: Tested, repository: str = "") -> None:
    load = test.load
    start, flaws = _best(test)
    status = worst(flaws)
    limit = load.limit or (start.limit if start else None)
    seen = f"{load.tool} puts load on it"
    note = load.tool + (f": {limit.text}" if limit and limit.path == load.path else "")
    proof = [
        Evidence(repository + load.path, limit.line if limit and limit.path == load.path else load.line, note)
    ]
    if limit is not None and limit.path != load.path:
        proof.append(Evidence(repository + limit.path, limit.line, limit.text))
    if start is not None and (start.path, start.line) != (load.path, load.line):
        proof.append(Evidence(repository + start.path, start.line, start.how or start.tool))
    if status is Status.PASS and limit is not None and start is not None:
        findings.add(status, f"{seen} with limits (`{limit.text}`); {start.how}.", *proof)
    else:
        findings.add(status, f"{seen}, but {said(flaws)}.", *proof)


def _best(test: Tested) -> tuple[Start | None, tuple[Flaw, ...]]:
    """The start with the fewest flaws, and everything that is wrong then."""
    best: tuple[Start | None, tuple[Flaw, ...]] | None = None
    for start in test.starts or (None,):
        flaws = _flaws(test, start)
        if best is None or (worst(flaws).rank, -len(flaws)) > (worst(best[1]).rank, -len(best[1])):
            best = start, flaws
    return best or (None, ())


def _flaws(test: Tested, start: Start | None) -> tuple[Flaw, ...]:
    load = test.load
    flaws = [f for f in load.flaws if not (start and start.users and f is ONE_USER)]
    if load.limit is None and (start is None or start.limit is None):
        flaws.append(_NO_LIMIT)
    if start is None:
        flaws.append(_NO_RUN)
    else:
        flaws += start.flaws
        if start.by_hand:
            flaws.append(Flaw(Status.PARTIAL, start.by_hand))
    return tuple(flaws)


def _add_elsewhere(findings: Findings, place: Elsewhere, service: Service) -> None:
    if place.snapshot is None:
        message = f"Load tests may stand in `{place.repository}`, which is not at hand."
        findings.add(Status.UNKNOWN, message, Evidence(service.descriptor or ".", None, ANNOTATION))
        return
    for test in tests(place.snapshot):
        path = test.load.path
        if not place.holds(path) or aside_folder(path) is not None:
            continue
        if place.path or mentions(test.load.aims, service) or in_path(path, service, _ABOUT):
            _add(findings, test, f"{place.repository}:")
        else:
            findings.skip(place.shown(path), "does not name the service", test.load.line)


def _called_elsewhere(findings: Findings, snapshot: Snapshot, service: Service) -> None:
    """A workflow or template of another repository whose name says load."""
    for pipeline, step in steps(snapshot):
        if step in pipeline.elsewhere and _ELSEWHERE.search(f"{step.uses} {step.name} {step.job}".lower()):
            message = f"`{step.uses[:80]}` is called, whose name says load, and it is not in this repository."
            findings.add(Status.UNKNOWN, message, Evidence(step.path, step.line, step.uses[:80]))


def _loops(findings: Findings, snapshot: Snapshot, service: Service) -> None:
    """Say of homemade loops why they do not count."""
    for path in named(snapshot, "sh", "bash", "py", "js", "ts", "go"):
        lowered = path.rpartition("/")[2].lower()
        if _HOMEMADE.search(lowered) and why_not(path, service) is None:
            found = _LOOP.search((snapshot.text(path) or "")[:50_000])
            if found is not None:
                line = (snapshot.text(path) or "").count("\n", 0, found.start()) + 1
                findings.skip(path, "is a loop of its own, which puts no measured load on anything", line)


def _lost(findings: Findings, snapshot: Snapshot) -> None:
    for start in starts(snapshot):
        if start.lost:
            findings.skip(
                start.path,
                f"{start.tool} is to run `{start.lost}`, which is not in the repository",
                start.line,
            )


_LIMITS = {
    "k6": "`thresholds: {http_req_failed: ['rate<0.01'], http_req_duration: ['p(99)<500']}` to its options",
    "Locust": "a `quitting` listener that sets `environment.process_exit_code = 1` where `fail_ratio` or a"
    " percentile is too high",
    "Gatling": "`.assertions(global.failedRequests.percent.lt(1), global.responseTime.percentile4.lt(500))`"
    " to its `setUp`",
    "Artillery": "`ensure: {thresholds: [{http.response_time.p99: 500}], maxErrorRate: 1}` to its `config`",
    "Taurus": "a reporting module `passfail` with `criteria: [p99>500ms for 10s, failures>1%]`",
    "Azure Load Testing": "`failureCriteria: [p99(response_time_ms) > 500, percentage(error) > 1]`",
}


def _fix(snapshot: Snapshot, service: Service, findings: Findings) -> str:
    best = max(findings.answers, key=lambda a: a.status.rank, default=None)
    system, file = ci_file(snapshot, service)
    if best is None:
        path = service.file(f"load/{service.name}.js")
        return (
            f"Add `{path}`, a k6 script with `thresholds`, and a scheduled job in `{file}` that runs it"
            " against an environment that may suffer; `handrail explain surge-tested` shows one."
        )
    if best.status is Status.UNKNOWN:
        return (
            f"Bring the load test of {service.name} into this repository, or name the one that holds it in"
            f" the annotation `{ANNOTATION}`."
        )
    where, tool = best.evidence[0].path, best.evidence[0].note.partition(":")[0]
    if _NO_LIMIT.text in best.message:
        after = (
            f"Let a step after {tool} (`{where}`) read its result and fail above 1 % errors or a slow p99."
        )
        return f"Add to `{where}` {_LIMITS[tool]}, so that it can fail." if tool in _LIMITS else after
    if ONE_USER.text in best.message:
        return f"Let `{where}` rise to at least twice the usual peak of {service.name}, by stages or a rate."
    if _NO_RUN.text not in best.message and "by hand" not in best.message:
        return f"Take out what hides its failure: `{best.evidence[-1].path}` line {best.evidence[-1].line}."
    return f"Run `{where}` on a schedule by {system_name(system)} (`{file}`), and heed its failure."


_START = """\
// TODO: twice the usual peak of @name@, for a few minutes, against an environment that may suffer.
// Run it on a schedule: k6 run @path@
import http from 'k6/http';

export const options = {
  scenarios: {
    surge: {
      executor: 'ramping-arrival-rate',
      preAllocatedVUs: 100,
      startRate: 1,
      stages: [], // TODO: [{ target: <requests per second>, duration: '5m' }]
    },
  },
  thresholds: {}, // TODO: the objectives, such as http_req_failed: ['rate<0.01']
};

export default () => http.get('<address of a request that matters>');
"""


def start(snapshot: Snapshot, service: Service, result: Result) -> Begun | None:
    """A script for k6, where there is no load test to mend."""
    path = service.file(f"load/{service.name}.js")
    if result.evidence or path in snapshot:
        return None
    fill = (
        "the address of a request that matters",
        "`stages`: up to twice the usual peak",
        "`thresholds`: the objectives",
        "the scheduled job that runs it",
    )
    return Begun(path, fitted(_START, service, path=path), fill)
