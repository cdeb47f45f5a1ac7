"""Makes the sample organisation's repositories, in three moments of its history.

`samples/REPOSITORY/MOMENT/` holds the files that a repository gained or changed at that moment; each becomes
a commit. `DATE-12` in a name or a text stands for the day twelve days before the moment. One more repository
is rendered from a golden path, and one is left without any commit.
"""

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from git import Actor, Repo

SAMPLES = Path(__file__).parent / "samples"
GOLDEN_PATH = "python-http-service"
GOLDEN = "booking-api"
EMPTY = "seasonal-offers"
_AUTHOR = Actor("Inês Duarte", "ines@tern.example")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point of the sample's past; `subject` is what its commits say."""

    number: int
    days_ago: int
    subject: str

    def when(self, now: datetime) -> datetime:
        """The moment as a date."""
        return now - timedelta(days=self.days_ago)


MOMENTS = (
    Moment(1, 84, "Move to the new platform"),
    Moment(2, 35, "Say what good service means"),
    Moment(3, 1, "Ship the summer timetable"),
)


def make(folder: Path, moment: Moment, now: datetime) -> None:
    """Bring every sample repository below `folder` to a moment; the first makes them."""
    for source in sorted(SAMPLES.iterdir()):
        files = source / str(moment.number)
        if files.is_dir():
            _commit(folder / source.name, files, moment, now)
    if moment.number == MOMENTS[0].number:
        _repository(folder / EMPTY)
    if moment.number == MOMENTS[1].number:
        _from_golden_path(folder / GOLDEN, moment, now)


def _commit(target: Path, files: Path, moment: Moment, now: datetime) -> None:
    repository = _repository(target)
    shutil.copytree(files, target, dirs_exist_ok=True)
    for file in [f for f in files.rglob("*") if f.is_file()]:
        path, text = str(file.relative_to(files)), file.read_text("utf-8")
        if _DATE.search(path) or _DATE.search(text):
            (target / path).unlink()
            (target / _dated(path, moment.when(now))).write_text(_dated(text, moment.when(now)), "utf-8")
    _record(repository, moment, now)


_DATE = re.compile(r"\bDATE-(\d{1,3})\b")


def _dated(text: str, when: datetime) -> str:
    return _DATE.sub(lambda found: (when - timedelta(days=int(found[1]))).date().isoformat(), text)


def _from_golden_path(target: Path, moment: Moment, now: datetime) -> None:
    from templates.gallery import find
    from templates.render import render

    answers = {
        "name": GOLDEN,
        "description": "Books a crossing: seats, cabins and cars, and the ticket for them",
        "owner": "group:booking",
        "system": "ticketing",
    }
    template = find(GOLDEN_PATH)
    known = {question.name for question in template.questions}
    render(template, target, {k: v for k, v in answers.items() if k in known})
    _record(_repository(target), moment, now)


def _repository(target: Path) -> Repo:
    if (target / ".git").exists():
        return Repo(target)
    target.mkdir(parents=True, exist_ok=True)
    repository = Repo.init(target, initial_branch="main")
    with repository.config_writer() as config:
        config.set_value('remote "origin"', "url", f"https://git.tern.example/tern/{target.name}.git")
    return repository


def _record(repository: Repo, moment: Moment, now: datetime) -> None:
    repository.git.add(all=True)
    date = moment.when(now).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S +0000")
    repository.index.commit(
        moment.subject, author=_AUTHOR, committer=_AUTHOR, author_date=date, commit_date=date, skip_hooks=True
    )
    repository.close()
