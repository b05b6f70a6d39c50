"""How long the board and the forecast of a subsidy take.

``make bench``. 43 and 1,741 municipalities, each with a contract of 7 plans × 12 visits, all held and
paid, and a case that was applied for and decided; the board is asked as the screen asks it, in SQLite.
Beside it: the rows it rests on, read and their JSON parsed, and nothing more. Written as JSON to
bench/results/.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Engine, event, insert, text

from bench.inquiries import reference, seconds
from core.access.principal import CONSOLE
from core.cli.context import pack
from core.consultation.theme import MeetingForm
from core.estimate.request import ExpenditureKind
from core.reference.grants import TALENT
from core.reference.pack import Reference
from core.start import start
from core.store.engine import open_engine, reading, writing
from core.store.subsidy import CASE_EVENTS, CASES, cases
from core.store.support import (
    CONTRACT_EVENTS,
    CONTRACTS,
    PAYMENTS,
    VENDORS,
    VISIT_EVENTS,
    VISITS,
    ContractHead,
)
from core.store.written import Written
from core.subsidy.budget import forecast
from core.subsidy.case import Case, CaseEvent, CaseLine, CaseNumber, Channel
from core.subsidy.step import CaseStep
from core.support.contract import (
    ContractEvent,
    ContractLine,
    ContractNumber,
    ContractStep,
    ContractTerms,
    PaidLine,
    Payment,
    Vendor,
)
from core.support.visit import Held, Visit, VisitEvent, VisitStep
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Yen
from core.views.subsidy import BoardAnswer, subsidy_board_view

RESULTS = Path(__file__).parent / "results"
NATION, PLANS, VISITS_EACH = 1_741, 7, 12
YEAR = FiscalYear(2026)
NOW = datetime(2027, 3, 20, 9, 0, tzinfo=JAPAN)
DAY, FEE = date(2026, 6, 1), Yen(1_200_000)


def fill(engine: Engine, known: Reference) -> None:
    """Rows as the commands write them, without their audit entries."""
    lines = tuple(ContractLine(plan, VISITS_EACH, FEE) for plan in range(1, PLANS + 1))
    terms = ContractTerms(
        YEAR.first_day, YEAR.first_day, YEAR.last_day, ExpenditureKind.COMMISSION, lines
    )
    paid = tuple(PaidLine(line.plan, line.amount) for line in lines)
    shares = tuple((str(line.plan), line.amount, Yen(int(line.amount) // 2)) for line in lines)
    asked = sum((share for *_, share in shares), Yen(0))
    held = Held(DAY, 120, MeetingForm.ONLINE, "3人", "議題", "内容")
    with writing(engine) as session:
        vendor = VENDORS.add(session, Vendor(0, "事業者", NOW, "bench"))
        for place, town in enumerate(known.municipalities, start=1):
            number = ContractNumber(YEAR, place)
            key = CONTRACTS.add(
                session,
                ContractHead(0, number, town.lg_code, vendor),
                recorded_at=NOW,
                recorded_by="bench",
            )
            said = ContractEvent(0, key, ContractStep.CONCLUDED, DAY, terms, "", NOW, "bench")
            CONTRACT_EVENTS.add(session, said)
            PAYMENTS.add(session, Payment(0, key, DAY, paid, None, "", NOW, "bench"))
            rows = [
                VISITS.row(
                    Visit(0, key, town.lg_code, line.plan, serial),
                    recorded_at=NOW,
                    recorded_by="bench",
                )
                for line in lines
                for serial in range(1, VISITS_EACH + 1)
            ]
            visits = VISITS.add_all(session, rows)
            session.execute(
                insert(VISIT_EVENTS.table),
                [
                    VISIT_EVENTS.row(
                        VisitEvent(0, each, VisitStep.HELD, None, held, None, "", NOW, "bench")
                    )
                    for each in visits
                ],
            )
            head = Case(
                0, CaseNumber(YEAR, place), TALENT, "事業", town.lg_code, (town.lg_code,), NOW, "b"
            )
            case = CASES.add(session, head)
            own = tuple(CaseLine(town.lg_code, *share) for share in shares)
            for step in (CaseStep.APPLIED, CaseStep.DECIDED):
                made = CaseEvent(
                    0, case, step, DAY, "", asked, own, "", Channel.SCREEN, NOW, "bench"
                )
                CASE_EVENTS.add(session, made)
        Written.of(session).taken()


def rows_alone(engine: Engine) -> int:
    """The rows of cases, contracts, payments and visits, their JSON parsed."""
    count = 0
    with engine.connect() as connection:
        for table, column in (
            ("subsidy_event", "lines"),
            ("contract_event", "lines"),
            ("contract_payment", "lines"),
        ):
            query = text(f"SELECT {column} FROM {table}")  # noqa: S608  names of this file
            count += sum(len(json.loads(row[0])) for row in connection.execute(query))
        visits = text(
            "SELECT visit.contract_id, visit.plan, visit_event.step FROM visit "
            "JOIN visit_event ON visit_event.visit_id = visit.id"
        )
        return count + sum(1 for _ in connection.execute(visits))


def queries(engine: Engine, ask: Callable[[], object]) -> int:
    """How many statements one answer needs."""
    seen: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    ask()
    return len(seen)


def measured(many: int) -> dict[str, float]:
    """Board and forecast at a size, beside the rows they rest on."""
    known = reference(many)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(URL.create("sqlite", database=f"{folder}/noriai.db"))
        start(engine, pack(), NOW)
        fill(engine, known)

        def board() -> BoardAnswer | None:
            return subsidy_board_view(
                engine, CONSOLE, known, programme=TALENT, fiscal_year=YEAR, as_of=NOW.date()
            )

        answer = board()
        decided = FEE * PLANS * many // 2
        if answer is None or answer.standing.decided != decided:
            raise RuntimeError("the board does not show every case: nothing was measured")
        with reading(engine) as session:
            every = cases(session, fiscal_year=YEAR)
        found = {
            "reference_rows_seconds": seconds(partial(rows_alone, engine)),
            "board_seconds": seconds(board),
            "forecast_alone_seconds": seconds(partial(forecast, answer.programme, every, ())),
            "board_queries": queries(engine, board),
        }
        engine.dispose()
    return found


def main(sizes: Sequence[int] = (43, NATION)) -> None:
    """Measure, print, keep."""
    found = {f"{many}x{PLANS}x{VISITS_EACH}": measured(many) for many in sizes}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "subsidy.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
