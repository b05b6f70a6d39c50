"""The secretariat's list: every municipality and plan of a year, problems first."""

from __future__ import annotations

from collections import Counter
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.exports.support import support_file_name, support_workbook
from core.support.pace import ASSUMED
from core.values.fiscal import FiscalYear
from core.views.support import BoardRow, SupportBoard, support_board_view
from dashboard import context
from dashboard.kit import address, widgets
from dashboard.kit.cards import Card, Rank, cards
from dashboard.kit.choice import choose
from dashboard.kit.sight import opened_mark
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.support.contracts.question import PART, STATES, WAITING, Question
from dashboard.support.contracts.town import draw_town


def draw_office(principal: Principal) -> None:
    """Figures, the list, and the municipality that is open with everything that can be done."""
    asked = address.current(Question, PART, principal)
    year = FiscalYear(asked.year) if asked.year else context.this_fiscal_year()
    board = context.answer(support_board_view, principal, fiscal_year=year, today=context.today())
    st.session_state[f"{PART}.shown_year"] = int(year)
    choose(
        st.selectbox,
        "年度",
        {int(each): each.full_label for each in board.years},
        key=f"{PART}.shown_year",
        on_change=_choose_year,
    )
    _draw_figures(board)
    if not board.rows:
        widgets.empty_state(
            f"{year.label}に、議決された参加希望と契約はまだありません。", "handshake"
        )
        return
    rows = _draw_filter(board, asked.state)
    opened = address.opened("town")
    _draw_table(rows, year, opened)
    download(
        "一覧をExcelで保存",
        partial(_workbook, year=year, made_up=widgets.made_up()),
        support_file_name(year, made_up=widgets.made_up()),
        key=f"{PART}.xlsx",
    )
    if not opened:
        return
    names = context.reference().ever
    if opened not in names:
        st.warning(
            f"リンクの団体「{escaped(opened)}」はありません。上の一覧から選んでください。",
            icon=":material/link_off:",
        )
        return
    with opened_mark(f"contracts.{opened}"), st.container(border=True):
        st.subheader(f"{escaped(names[opened].name)}の支援", anchor=False)
        st.caption("ここでの記録は、団体に代わって事務局が記録したものとして残ります。")
        draw_town(principal, opened)


def _choose_year() -> None:
    address.open_detail("town", "")
    st.session_state[f"{PART}.year"] = st.session_state[f"{PART}.shown_year"]


def _workbook(principal: Principal, *, year: FiscalYear, made_up: bool) -> bytes:
    board = support_board_view(
        context.engine(),
        principal,
        context.reference(),
        fiscal_year=year,
        today=context.today(),
    )
    return support_workbook(board, context.reference(), context.today(), made_up=made_up)


def _draw_figures(board: SupportBoard) -> None:
    paces = [row.pace for row in board.rows if row.pace is not None]
    contracts = {row.contract.contract_id for row in board.rows if row.contract is not None}
    waiting = sum(row.pace is None for row in board.rows)
    held, agreed = sum(p.held for p in paces), sum(p.contracted for p in paces)
    found = [
        Card("contracts", "契約", f"{len(contracts)}件", text=f"{len(paces)}プラン"),
        Card("waiting", "契約待ち", f"{waiting}プラン", text="議決され、契約の記録がない"),
        Card(
            "held",
            "実施した支援回",
            f"{held}/{agreed}回",
            text=f"残り{agreed - held}回",
            share=(held, agreed) if agreed else None,
            rank=Rank.FIRST,
        ),
        Card(
            "unrecorded",
            "記録待ち",
            f"{sum(p.unrecorded for p in paces)}回",
            text="予定の日を過ぎて、記録がない",
        ),
    ]
    cards(found, narrowest=180)


def _state(row: BoardRow) -> str:
    return WAITING if row.pace is None else row.pace.state.value


def _draw_filter(board: SupportBoard, state: str) -> list[BoardRow]:
    counts = Counter(map(_state, board.rows))
    options = {"": f"すべて({len(board.rows)})"} | {
        key: f"{label}({counts[key]})" for key, label in STATES.items() if counts[key]
    }
    st.session_state.setdefault(f"{PART}.state", state)
    if st.session_state[f"{PART}.state"] not in options:
        st.session_state[f"{PART}.state"] = ""
    chosen = choose(st.segmented_control, "進み具合", options, key=f"{PART}.state", required=True)
    return [row for row in board.rows if not chosen or _state(row) == chosen]


def _draw_table(rows: list[BoardRow], year: FiscalYear, opened: str) -> None:
    plan_name = context.reference().plan_name

    def pick(row: int) -> None:
        chosen = rows[row]
        address.open_detail("visit", "")
        contract = str(chosen.contract.contract_id) if chosen.contract else ""
        address.open_detail("contract", contract)
        address.open_detail("town", chosen.municipality.lg_code)

    chosen = next((n for n, row in enumerate(rows) if row.municipality.lg_code == opened), None)
    table(
        {
            context.names().towns: [row.municipality.name for row in rows],
            "プラン": [plan_name(row.plan, year) for row in rows],
            "進み具合": [STATES[_state(row)] for row in rows],
            "実施/契約": [
                f"{row.pace.held}/{row.pace.contracted}回" if row.pace else "—" for row in rows
            ],
            "予定": [f"{row.pace.planned}回" if row.pace else "—" for row in rows],
            "記録待ち": [f"{row.pace.unrecorded}回" if row.pace else "—" for row in rows],
            "残り": [f"{row.pace.left}回" if row.pace else "—" for row in rows],
            "残り月数": [f"{row.pace.months_left}か月" if row.pace else "—" for row in rows],
            "契約": [row.contract.number.label if row.contract else "" for row in rows],
            "事業者": [row.contract.vendor.name if row.contract else "" for row in rows],
        },
        alt="支援の実施の一覧",
        key="contracts.board",
        on_pick=pick,
        chosen=chosen,
    )
    st.caption(ASSUMED)
