"""Load tests in a cluster: objects of the k6 operator, jobs and deployments with a load tool's image, and
scripts that stand in a ConfigMap.

https://grafana.com/docs/k6/latest/set-up/set-up-distributed-k6/usage/executing-k6-scripts-with-testrun-crd/
"""

from collections.abc import Iterator

from catalog.document import Document, Map, Seq, dig, maps
from catalog.snapshot import Snapshot
from scorecards.reading.experiment import Experiment
from scorecards.reading.load import Load, Start
from scorecards.reading.loads.code import of_text
from scorecards.reading.loads.tools import SCRIPTS, WORDS, image_of, tool_of
from scorecards.reading.objective import text_of
from scorecards.reading.runs import runs
from scorecards.reading.words import words

_ENDINGS = tuple({e for endings in SCRIPTS.values() for e in endings})
_SCHEDULED = ("CronJob", "CronWorkflow")
_ONCE = ("Job", "Workflow", "Pod", "TestWorkflow", "Test", "TestSuite")
_ALWAYS = ("Deployment", "DaemonSet", "StatefulSet", "ReplicationController")
_MARKS = (*WORDS, "load")


def read(snapshot: Snapshot, path: str) -> Iterator[Load]:
    """The scripts in a file's ConfigMaps."""
    text = snapshot.text(path) or ""
    if "ConfigMap" not in text or not any(w in text for w in ("k6", "locust", "atling")):
        return
    for document in snapshot.parsed(path).documents:
        data = document.mapping.get("data")
        if document.mapping.get("kind") == "ConfigMap" and isinstance(data, Map):
            for key, value in data.items():
                if isinstance(value, str) and len(value) < 100_000:
                    yield from of_text(snapshot, path, value, data.lines.get(key, data.line), key)


def starts(snapshot: Snapshot, path: str) -> Iterator[Start]:
    """What a file's objects start by themselves, or would if something applied them."""
    text = snapshot.text(path) or ""
    if "kind:" not in text or not any(mark in text for mark in _MARKS):
        return
    for document in snapshot.parsed(path).documents:
        for part in (document, *document.embedded):
            start = _start(snapshot, part)
            if start is not None:
                yield start


def _start(snapshot: Snapshot, document: Document) -> Start | None:
    data = document.mapping
    kind, group = text_of(data.get("kind")), text_of(data.get("apiVersion"))
    name = f"the {kind} `{text_of(dig(data, 'metadata', 'name'))}`"
    if group.startswith("k6.io/"):
        file = text_of(dig(data, "spec", "script", "configMap", "file")) or "test.js"
        file = text_of(dig(data, "spec", "script", "localFile")) or file
        how, hand = _applied(snapshot, document, name)
        start = Start("k6", how, document.path, document.line, None, (file,), hand)
        return _weakened(start, text_of(dig(data, "spec", "arguments")))
    if kind not in (*_SCHEDULED, *_ONCE, *_ALWAYS):
        return None
    for container in maps(data):
        image = text_of(container.get("image"))
        said = " ".join(_texts(container.get(k)) for k in ("command", "args"))
        tool = tool_of(said) or image_of(image) or (tool_of(f"{image} {said}") if image else "")
        if not tool or not image:
            continue
        names = tuple(w for w in words(said) if w.endswith(_ENDINGS))
        if kind in _SCHEDULED:
            when = text_of(dig(data, "spec", "schedule"))
            hand = "it is suspended" if dig(data, "spec", "suspend") is True else ""
            how = f"{name} runs it on the schedule `{when}`"
        elif kind in _ALWAYS:
            how, hand = f"{name} runs it", "it runs on without ever being judged"
        else:
            how, hand = _applied(snapshot, document, name)
        return _weakened(Start(tool, how, document.path, document.line, None, names, hand, text=said), said)
    return None


def _texts(value: object) -> str:
    if isinstance(value, Seq):
        return " ".join(text_of(v) for v in value)
    return text_of(value)


def _weakened(start: Start, said: str) -> Start:
    from scorecards.reading.loads.starts import weaknesses

    return start._replace(flaws=weaknesses(said), users="-u" in said or "--vus" in said)


def _applied(snapshot: Snapshot, document: Document, name: str) -> tuple[str, str]:
    """How an object comes to run, and why it is by hand."""
    found = Experiment(name, "load", document.path, document.line)
    for run in runs(snapshot, found):
        return f"{name} is applied: {run.how}", ""
    return name, "nothing here applies it"
