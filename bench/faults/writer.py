"""One who writes through the commands, again and again, and notes what was answered.

    python -m bench.faults.writer DATABASE NAME NOTES

Started and killed by :mod:`bench.faults.mixed`. Each act carries a mark of its own. What was begun
and never answered is asked again with the same request id, after a failure of the database and
after the writer itself was killed, as a reader's browser does.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine, func, make_url, select

from core.access.principal import Principal, Role
from core.cli.context import now, pack
from core.commands.consultations import request_consultation, write_message
from core.commands.estimates import discard_estimate, keep_estimate
from core.consultation.request import RequestForm
from core.estimate.request import EstimateRequest, PlanChoice
from core.store.consultations import CONSULTATIONS
from core.store.engine import open_engine, reading
from core.store.estimates import still_kept
from core.values.errors import ConflictError, InvalidInputError, SettingsError

_AGAIN_SECONDS, _PAUSE_SECONDS = 0.1, 0.02
_KINDS = ("consultation", "consultation", "message", "message", "estimate")
_MOST_KEPT = 60


@dataclass(frozen=True)
class Act:
    """What is done, and the mark by which it is found again."""

    kind: str
    mark: str
    lg_code: str


class Writer:
    """Acts for one municipality after the other.

    Attributes:
        name: Begins every mark.
    """

    def __init__(self, engine: Engine, name: str, notes: TextIO) -> None:
        self._engine, self.name, self._notes = engine, name, notes
        self._chance = random.Random(name)  # noqa: S311

    def acts(self, begin: int) -> Iterator[Act]:
        """What comes next, without an end."""
        towns = [town.lg_code for town in pack().municipalities]
        for number in count(begin):
            kind = self._chance.choice(_KINDS)
            yield Act(kind, f"{self.name}n{number}", towns[number % len(towns)])

    def do(self, act: Act) -> None:
        """Note it, ask until it is answered, note the answer."""
        self.note("begun", act, at=time.time())
        began = time.time()
        while True:
            try:
                answer = self._command(act)()
            except (ConflictError, InvalidInputError) as error:
                self.note("refused", act, why=str(error))
                return
            except Exception as error:  # noqa: BLE001  whatever the database comes to is asked again
                self.note("failed", act, why=type(error).__name__)
                time.sleep(_AGAIN_SECONDS)
            else:
                self.note("answered", act, answer=answer, began=began, at=time.time())
                return

    def note(self, what: str, act: Act, **more: object) -> None:
        """A line that outlives this process."""
        line = {"what": what, "kind": act.kind, "mark": act.mark, "lg_code": act.lg_code, **more}
        self._notes.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._notes.flush()

    def _command(self, act: Act) -> Callable[[], object]:
        officer = Principal(self.name, self.name, Role.OFFICER, act.lg_code)
        same = {"lg_code": act.lg_code, "request_id": act.mark, "now": now()}
        if act.kind == "estimate":
            self._make_room(officer)
            request = EstimateRequest(2027, (PlanChoice(6, 12),))
            return partial(
                keep_estimate,
                self._engine,
                officer,
                name=act.mark,
                request=request,
                reference=pack(),
                **same,
            )
        if act.kind == "message":
            with reading(self._engine) as session:
                own = CONSULTATIONS.c.lg_code == act.lg_code
                first = session.scalar(select(func.min(CONSULTATIONS.c.id)).where(own))
            if first is not None:
                return partial(
                    write_message,
                    self._engine,
                    officer,
                    consultation_id=first,
                    text=act.mark,
                    files=[],
                    **same,
                )
        return partial(
            request_consultation,
            self._engine,
            officer,
            form=_form(act.mark),
            files=[],
            reference=pack(),
            **same,
        )

    def _make_room(self, officer: Principal) -> None:
        with reading(self._engine) as session:
            kept = still_kept(session, str(officer.lg_code))
        for each in kept[_MOST_KEPT:]:
            try:
                discard_estimate(
                    self._engine,
                    officer,
                    lg_code=each.lg_code,
                    estimate_id=each.estimate_id,
                    seen_row=each.row_id,
                    now=now(),
                )
            except (ConflictError, InvalidInputError):
                continue  # another one was faster


def _form(mark: str) -> RequestForm:
    day = now().date() + timedelta(days=1)
    return RequestForm(
        "daily_work", mark, "内容", "", "written", (day,), "", "課", "担当", "a@example.lg.jp", ""
    )


def _left_over(notes: Path) -> tuple[list[Act], int]:
    """What an earlier life began and nobody answered, and the number to go on from."""
    begun: dict[str, Act] = {}
    last = -1
    for line in notes.read_text("utf-8").splitlines() if notes.exists() else ():
        try:
            said = json.loads(line)
        except ValueError:
            continue  # half a line: the writer died in it
        act = Act(said["kind"], said["mark"], said["lg_code"])
        last = max(last, int(act.mark.rpartition("n")[2]))
        if said["what"] == "begun":
            begun[act.mark] = act
        elif said["what"] in ("answered", "refused"):
            begun.pop(act.mark, None)
    return list(begun.values()), last + 1


def _opened(database: str) -> Engine:
    while True:
        try:
            return open_engine(make_url(database))
        except SettingsError:
            time.sleep(_AGAIN_SECONDS)


def main(database: str, name: str, path: str) -> None:
    """Write until killed."""
    left, begin = _left_over(Path(path))
    with Path(path).open("a", encoding="utf-8") as notes:
        if begin:
            notes.write("\n")
        writer = Writer(_opened(database), name, notes)
        for act in left:
            writer.do(act)
        for act in writer.acts(begin):
            writer.do(act)
            time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
