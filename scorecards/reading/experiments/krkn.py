"""krkn (Kraken): its configuration with the scenarios it runs, and scenario files."""

from collections.abc import Iterator, Sequence

from catalog.document import Map, Seq, dig, maps
from scorecards.reading.experiment import NO_ACTION, Experiment, clean, words
from scorecards.reading.marked import Part
from scorecards.reading.objective import text_of

_NAME = "krkn"


def claims(part: Part) -> bool:
    """A configuration with `kraken.chaos_scenarios`, or a list of scenarios with `id` and `config`."""
    if dig(part.data, "kraken", "chaos_scenarios") is not None:
        return True
    listed = part.document.data
    return (
        isinstance(listed, Seq)
        and bool(listed)
        and all(isinstance(e, Map) and "id" in e and isinstance(e.get("config"), Map) for e in listed)
    )


def read(part: Part, parts: Sequence[Part]) -> Iterator[Experiment]:
    """The scenarios of the file, as one experiment."""
    scenarios = dig(part.data, "kraken", "chaos_scenarios")
    if isinstance(scenarios, Seq):
        actions = clean(k for e in scenarios if isinstance(e, Map) for k, v in e.items() if v)
        title, aims = "krkn", ""
    else:
        actions = clean(e.get("id") for e in part.document.data)
        title = part.path.rpartition("/")[2]
        aims = " ".join(words(m) for m in maps(part.document.data) if "label_selector" in m)
    yield Experiment(
        text_of(title),
        _NAME,
        part.path,
        part.document.line,
        actions,
        aims=aims,
        problems=() if actions else (NO_ACTION,),
    )
