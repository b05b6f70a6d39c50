"""The secretariat's board: the money of a programme, who stands where, all decisions at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.access.principal import Principal
from core.exports.subsidy import subsidy_file_name, subsidy_workbook
from core.subsidy.due import TRACK, track
from core.subsidy.step import CaseState
from core.values.fiscal import FiscalYear
from core.views.subsidy import (
    BoardAnswer,
    BoardRow,
    OwnSubsidyAnswer,
    own_subsidy_view,
    subsidy_board_view,
)
from dashboard import context
from dashboard.kit import address, widgets
from dashboard.kit.choice import choose
from dashboard.kit.sight import nothing_opened, opened_mark
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped, paragraphs
from dashboard.kit.widgets import empty_state
from dashboard.support.documents import draw_all_documents
from dashboard.support.subsidy.budget import draw_budget
from dashboard.support.subsidy.case import draw_case
from dashboard.support.subsidy.deciding import draw_deciding
from dashboard.support.subsidy.own import draw_begin
from dashboard.support.subsidy.question import PART, PROGRAMME, Question, choose_year
from dashboard.support.subsidy.wording import CASE, TOWN, money, terms_line

_SHORT = ("申請", "決定", "報告", "確定", "請求", "支払")
"""The steps of the track as headings of narrow columns, in its order."""
_OVER = (CaseState.PAID, CaseState.SETTLED)


def draw_office(principal: Principal) -> None:
    """Year and programme, the money, the board, one case with everything that can be done."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        year = choose_year(principal)
        programme = address.current(Question, PART, principal).programme
        found = _asked(principal, year, programme)
        if found is not None:
            names = {key: each.name for key, each in found.programmes.items()}
            st.session_state[PROGRAMME] = found.programme.key
            chosen = choose(st.selectbox, "補助事業", names, key=PROGRAMME)
            if chosen != found.programme.key:
                found = _asked(principal, year, str(chosen)) or found
    if found is None:
        empty_state(
            f"{year.label}の補助事業は登録されていません。「カタログ」の「年度のカタログ」で登録してください。"
        )
        return
    if programme and programme not in found.programmes:
        st.warning(
            f"リンクの補助事業「{escaped(programme[:40])}」は{year.label}にありません。",
            icon=":material/link_off:",
        )
    st.caption(escaped(terms_line(found.programme)))
    if found.programme.note:
        st.caption(paragraphs(found.programme.note))
    draw_budget(found)
    draw_deciding(found)
    _draw_board(principal, found)
    draw_all_documents(found.programme.key, found.fiscal_year)


def _asked(principal: Principal, year: FiscalYear, programme: str) -> BoardAnswer | None:
    return context.answer(
        subsidy_board_view,
        principal,
        programme=programme,
        fiscal_year=year,
        as_of=context.today(),
    )


def _draw_board(principal: Principal, found: BoardAnswer) -> None:
    st.subheader("団体ごとの手続", anchor=False)
    today = context.today()
    filters = {
        "act": f"事務局の番({sum(_waits(r, 'secretariat') for r in found.rows)})",
        "late": f"遅れ({sum(1 for r in found.rows if r.late_days(today))})",
        "lacking": f"市町村の番({sum(_waits(r, 'municipality') for r in found.rows)})",
        "over": f"支払・精算済({sum(_over(r) for r in found.rows)})",
        "": f"すべて({len(found.rows)})",
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = str(
            choose(st.selectbox, "表示", filters, "", key="subsidy.shown", width=260) or ""
        )
        download(
            "財政課向けの一覧(Excel)",
            _file(found),
            subsidy_file_name(
                found.programme.name, found.fiscal_year, today, made_up=widgets.made_up()
            ),
            key="subsidy.xlsx",
        )
    rows = [row for row in found.rows if _fits(row, chosen)]
    number, town = address.opened(CASE), address.opened(TOWN)
    if not rows:
        empty_state("この条件の団体はありません。条件を変えてください。", "filter_alt_off")
    else:
        _draw_rows(rows, number)
        st.caption(
            "団体名を押すと、手続を開いて記録できます。「未申請」は、議決または契約したのに申請がない団体です。期限が不明な手続は遅れに数えません。"
        )
    own_rows = [row for row in found.rows if row.case and row.leads]
    opened = next((r for r in own_rows if r.case and r.case.number.label == number), None)
    if number and opened is None:
        st.warning(
            f"リンクの手続「{escaped(number)}」はこの年度・補助事業にありません。",
            icon=":material/link_off:",
        )
    if opened is not None and opened.case is not None:
        own = _own(principal, opened.lg_code, found)
        shown = next((c for c in own.cases if c.case.case_id == opened.case.case_id), None)
        if shown is not None:
            with opened_mark(f"subsidy.{opened.case.case_id}"), st.container(border=True):
                draw_case(principal, shown)
    elif town in {row.lg_code for row in found.rows}:
        name = context.reference().called(town)
        with opened_mark(f"subsidy.town.{town}"), st.container(border=True):
            st.subheader(f"{escaped(name)}の申請(書面で届いたもの)", anchor=False)
            draw_begin(town, _own(principal, town, found), found.programme.key)
    else:
        nothing_opened()


def _own(principal: Principal, lg_code: str, found: BoardAnswer) -> OwnSubsidyAnswer:
    return context.answer(
        own_subsidy_view,
        principal,
        lg_code=lg_code,
        fiscal_year=found.fiscal_year,
        as_of=context.today(),
    )


def _draw_rows(rows: Sequence[BoardRow], number: str) -> None:
    today = context.today()
    steps = {short: [_day(row, place) for row in rows] for place, short in enumerate(_SHORT)}
    opened = [row.case is not None and row.case.number.label == number for row in rows]
    shown = {
        "団体": [row.name if row.leads else f"{row.name}(構成団体)" for row in rows],
        "状態": [_state(row) for row in rows],
        "次": [_next(row) for row in rows],
        "遅れ": [f"{late}日" if (late := row.late_days(today)) else "" for row in rows],
        **steps,
        "決定額": [money(row.case.decided) if row.case and row.leads else "" for row in rows],
        "支払済": [money(row.case.paid) if row.case and row.leads else "" for row in rows],
        "まだないもの": ["、".join(row.due.missing) if row.due else "" for row in rows],
    }
    optional = ("遅れ", "まだないもの")
    table(
        {name: cells for name, cells in shown.items() if name not in optional or any(cells)},
        "団体ごとの手続。遅れているもの、次の手続があるものから",
        key="subsidy.board",
        on_pick=lambda place: _open(rows[place]),
        chosen=opened.index(True) if True in opened else None,
    )


def _open(row: BoardRow) -> None:
    address.open_detail(TOWN, "" if row.case else row.lg_code)
    address.open_detail(CASE, row.case.number.label if row.case else "")


def _state(row: BoardRow) -> str:
    if row.case is not None:
        return row.case.state.label
    return "未申請" if row.expected else "申請なし"


def _next(row: BoardRow) -> str:
    if row.due is None or row.due.step is None:
        return ""
    return f"{row.due.turn.label}: {row.due.text}"


def _day(row: BoardRow, place: int) -> str:
    day = track(row.case)[TRACK[place]] if row.case else None
    return f"{day:%m/%d}" if day else ""


def _waits(row: BoardRow, turn: str) -> bool:
    return row.due is not None and row.due.turn == turn


def _over(row: BoardRow) -> bool:
    return row.leads and row.case is not None and row.case.state in _OVER


def _fits(row: BoardRow, chosen: str) -> bool:
    match chosen:
        case "act":
            return _waits(row, "secretariat")
        case "late":
            return row.late_days(context.today()) > 0
        case "lacking":
            return _waits(row, "municipality")
        case "over":
            return _over(row)
    return True


def _file(found: BoardAnswer) -> Callable[[Principal], bytes]:
    reference, today, made_up = context.reference(), context.today(), widgets.made_up()

    def made(asking: Principal) -> bytes:
        anew = _asked(asking, found.fiscal_year, found.programme.key) or found
        return subsidy_workbook(anew, reference, today, made_up=made_up)

    return made
