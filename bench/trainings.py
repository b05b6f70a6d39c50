"""Trainings at 19 and at 20,000 sessions: list, month, year, search, and the whole feed.

Each view is measured on a fresh SQLite database that holds the 19 trainings (23 sessions) of
令和4年度, then on one that holds 20,000 sessions in 20 fiscal years beside them, a tenth of them
with enrolments. Every figure is processor time, the median of the rounds with the least and the
most in brackets, without any cache. Against what: the same question on the small database, measured in turn.

    python -m bench.trainings
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import URL, Engine, event, insert

from core.access.principal import PUBLIC, Principal, Role
from core.cli.context import pack
from core.start import start
from core.store.engine import open_engine, writing
from core.store.enrolments import ENROLMENTS
from core.store.trainings import SESSIONS, add_training
from core.training.filter import TrainingFilter
from core.training.training import Training, TrainingContent, TrainingSession
from core.training.vocabulary import Audience, SessionFormat, TrainingKind, TrainingState
from core.values.fiscal import JAPAN, FiscalYear
from core.views.reach import reach_view
from core.views.trainings import published_sessions_view, training_view, trainings_view

MANY, PER_TRAINING, ROUNDS = 20_000, 2, 15
NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
OFFICER = Principal("tanto", "担当", Role.OFFICER, "271004")
SECRETARIAT = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
YEARS = range(2013, 2033)


def opened(folder: Path, name: str) -> Engine:
    """A fresh database with what every start brings."""
    engine = open_engine(URL.create("sqlite", database=str(folder / name)))
    start(engine, pack(), NOW)
    return engine


def fill(engine: Engine) -> None:
    """Sessions over twenty years, two a training, a tenth of them with five enrolments."""
    chance = random.Random(4)  # noqa: S311  the same database every time
    labels = pack().trainings.theme_labels
    themes = list(labels)
    codes = [municipality.lg_code for municipality in pack().municipalities]
    enrolments: list[dict[str, object]] = []
    with writing(engine) as session:
        for number in range(MANY // PER_TRAINING):
            days = sorted(
                FiscalYear(chance.choice(YEARS)).first_day.toordinal() + chance.randrange(365)
                for _ in range(PER_TRAINING)
            )
            sessions = tuple(
                TrainingSession(
                    session_id=f"s{number}-{place}",
                    date=date.fromordinal(day),
                    formats=(chance.choice(list(SessionFormat)),),
                    capacity=50,
                )
                for place, day in enumerate(days)
            )
            content = TrainingContent(
                kind=chance.choice(list(TrainingKind)),
                title=f"第{number}回 {chance.choice(list(labels.values()))}研修",
                purpose="利用の手引きと、府内市町村の事例を学ぶ。",
                theme=chance.choice(themes),
                sessions=sessions,
                host="大阪府",
                audience=chance.choice([*[*Audience][:2], None]),
                open_data=True,
            )
            training = Training(
                f"t{number}", 1, content, TrainingState.PUBLISHED, "", None, "", NOW, "bench"
            )
            add_training(session, training, labels)
            if number % 10 == 0:
                for place in range(5):
                    enrolments.append(
                        {
                            "enrolment_id": f"e{number}-{place}",
                            "session_id": sessions[0].session_id,
                            "version": 1,
                            "lg_code": chance.choice(codes),
                            "kind": "enrolled",
                            "attending": None,
                            "recorded_at": NOW,
                            "recorded_by": "bench",
                        }
                    )
            if number % 4 == 0:  # every fourth has been revised
                add_training(session, replace(training, version=2), labels)
        session.execute(insert(ENROLMENTS.table), enrolments)


def questions(engine: Engine, year: int) -> dict[str, Callable[[], object]]:
    """What the screens ask, each for a year that has sessions."""
    month = FiscalYear(year).month(8)

    def listed(reader: Principal = PUBLIC, **wanted: object) -> Callable[[], object]:
        limit = wanted.pop("limit", 50)
        chosen = TrainingFilter(**wanted)  # type: ignore[arg-type]
        return lambda: trainings_view(
            engine,
            reader,
            pack(),
            wanted=chosen,
            as_of=NOW.date(),
            limit=limit,  # type: ignore[arg-type]
        )

    return {
        "list, first 50": listed(),
        "list, うちが対象": listed(OFFICER, ours=True),
        "list, two words": listed(words="でじたる 研修"),
        "list, theme and format": listed(themes=("ai",), format=SessionFormat.ONLINE),
        "calendar, one month": listed(first=month, last=month.replace(day=31), limit=None),
        "timeline, one year": listed(fiscal_year=year, limit=None),
        "one training": lambda: training_view(
            engine, OFFICER, pack(), training_id="2022-13", as_of=NOW.date()
        ),
        "reach, one year": lambda: reach_view(
            engine, SECRETARIAT, pack(), as_of=date(2033, 3, 31), fiscal_year=year
        ),
        "feed, every session": lambda: published_sessions_view(
            engine, PUBLIC, pack(), wanted=TrainingFilter()
        ),
    }


def milliseconds(ask: Callable[[], object]) -> float:
    """Processor time of one answer; a busy machine moves it less than the clock on the wall."""
    began = time.process_time()
    ask()
    return (time.process_time() - began) * 1000


def queries(engine: Engine, ask: Callable[[], object]) -> int:
    """How many statements one answer needs."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", counted)
    ask()
    event.remove(engine, "before_cursor_execute", counted)
    return count


def cell(times: list[float]) -> str:
    """Median with least and most."""
    return f"{median(times):.1f} ({min(times):.1f}-{max(times):.1f})"


def run() -> None:
    """Fill, ask both databases in turn, print."""
    with tempfile.TemporaryDirectory(prefix="noriai-bench-") as folder:
        small, large = opened(Path(folder), "small.db"), opened(Path(folder), "large.db")
        began = time.perf_counter()
        fill(large)
        with large.connect() as connection:
            rows = connection.execute(SESSIONS.table.select()).all()
        print(
            f"{len(rows):,} session rows in {time.perf_counter() - began:.1f} s; CPU milliseconds, "
            f"median of {ROUNDS} (least-most); one answer without cache\n"
        )
        print(f"{'':26}{'19 trainings':>22}{'20,000 sessions':>26}{'ratio':>8}{'queries':>9}")
        few, many = questions(small, 2022), questions(large, 2022)
        for name in few:
            few[name]()
            many[name]()
            times = [(milliseconds(few[name]), milliseconds(many[name])) for _ in range(ROUNDS)]
            before, after = [t for t, _ in times], [t for _, t in times]
            print(
                f"{name:26}{cell(before):>22}{cell(after):>26}"
                f"{median(after) / median(before):>8.1f}{queries(large, many[name]):>9}"
            )
        small.dispose()
        large.dispose()


if __name__ == "__main__":
    run()
