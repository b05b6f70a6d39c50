"""Windows and confirmations, for the secretariat."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal, shown_name
from core.boarding.window import Window, WindowState
from core.commands.boarding import close_boarding_window, open_boarding_window
from core.commands.ledger import record_participation
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.procurement.standing import Standing
from core.values.fiscal import FiscalYear, PartialDate, Precision, budget_request_year, era_date
from core.views.boarding import BoardingOffice, Intention, boarding_office_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text


def draw_windows(principal: Principal) -> None:
    """Open and close windows, see who is on the way, confirm what happened; secretariat."""
    today = context.today()
    found = context.answer(boarding_office_view, principal, as_of=today)
    st.subheader("後乗り募集", anchor=False)
    _draw_table(found, today)
    opening = f"boarding.opening.{request_id('boarding.open')}"
    with st.expander("新しい募集を登録する", icon=":material/add:", key=opening):
        _draw_opening(found)
    answer("boarding.open")  # the box is closed by then
    st.subheader("後乗りの意向と確認", anchor=False)
    _draw_intentions(found)


def _draw_opening(office: BoardingOffice) -> None:
    labels = {each.key: each.label for each in office.procurements}
    today = context.today()
    current = int(FiscalYear.of(today))
    with st.grid("auto", min_column_width=190):
        programme = choose(st.selectbox, "共同調達", labels, key="boarding.open.system")
        year = choose(
            st.selectbox,
            "利用開始年度",
            {n: FiscalYear(n).full_label for n in range(current, current + 4)},
            budget_request_year(today),
            key="boarding.open.year",
        )
        first = st.date_input("募集の初日", today, format="YYYY-MM-DD", key="boarding.open.first")
        last = st.date_input(
            "募集の最終日(この日を含む)",
            today + timedelta(days=60),
            format="YYYY-MM-DD",
            key="boarding.open.last",
        )
    source = st.text_input("出典(通知の日付・番号など)", key="boarding.open.source")
    note = st.text_input("備考(任意、公開)", key="boarding.open.note")
    pressed = st.button(
        "募集を始める", icon=":material/event_available:", type="primary", key="boarding.open"
    )
    if not pressed:
        return
    submit(
        "boarding.open",
        partial(
            open_boarding_window,
            programme=programme,
            fiscal_year=year,
            first_day=first,
            last_day=last,
            source=source,
            note=note,
        ),
        f"{labels[programme]}の{FiscalYear(year).label}利用開始分の募集"
        f"({era_date(first)}から{era_date(last)}まで)を登録しました。",
    )


def _draw_table(office: BoardingOffice, as_of: date) -> None:
    """Every window, and closing those that are not over."""
    labels = {each.key: each.label for each in office.procurements}
    short = {each.key: each.short_label for each in office.procurements}
    known = office.windows
    if not known:
        widgets.empty_state("募集はまだ登録されていません。", "event_busy")
        return
    table(
        {
            "共同調達": (labels[w.opened.programme] for w in known),
            "利用開始年度": (w.opened.fiscal_year.label for w in known),
            "状態": (w.state(as_of).label for w in known),
            "期間": (w.period for w in known),
            "出典": (source_text(w.opened.source) for w in known),
            "備考": ((w.closed or w.opened).note for w in known),
            "記録した人": (shown_name((w.closed or w.opened).recorded_by) for w in known),
        },
        "後乗り募集の一覧、初日の新しい順",
    )
    with st.container(horizontal=True):
        for window in known:
            if window.closed is None and window.state(as_of) is not WindowState.OVER:
                opened = window.opened
                name = f"{labels[opened.programme]}({opened.fiscal_year.label})"
                _draw_closing(window, name, short[opened.programme])


def _draw_closing(window: Window, name: str, short: str) -> None:
    number, first = window.opened.event_id, window.opened.first_day
    form = f"boarding.close.{number}"
    earliest = first - timedelta(days=1)
    usual = min(max(context.today(), earliest), window.opened.last_day)

    def fields() -> None:
        st.date_input(
            "受け付ける最後の日(この日を含む)",
            usual,
            min_value=earliest,
            max_value=window.opened.last_day,
            format="YYYY-MM-DD",
            key=f"{form}.day",
            help="初日の前日を選ぶと中止になります。",
        )
        st.text_input("理由(公開)", key=f"{form}.note")

    def close(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> date:
        last: date = st.session_state[f"{form}.day"]
        close_boarding_window(
            engine,
            principal,
            window_id=number,
            last_day=last,
            note=st.session_state[f"{form}.note"],
            request_id=request_id,
            now=now,
        )
        return last

    confirm(
        escaped(f"{short}({window.opened.fiscal_year.label})を終了"),
        f"**{escaped(name)}の募集を終了する** 延ばすことはできません。必要なら新しい募集を始めます。",
        close,
        key=number,
        form=form,
        done=lambda last: f"{name}の募集を{era_date(last)}で終了としました。",
        go="終了を記録する",
        icon="event_busy",
        fields=fields,
    )


def _draw_intentions(office: BoardingOffice) -> None:
    """Everybody on the way, and confirming a mandate or a join in one form."""
    found = office.intentions
    if not found:
        widgets.empty_state(
            f"関心・予定・委任状の段階にある{context.names().towns}はありません。", "groups"
        )
        return
    table(
        {
            context.names().towns: (each.municipality.name for each in found),
            "共同調達": (each.procurement.label for each in found),
            "状態": (legend_label(each.state.standing) for each in found),
            "状態の日": (each.state.since.label if each.state.since else "" for each in found),
            "開始予定": (
                each.state.target.label if each.state.target else "未定" for each in found
            ),
            f"{context.names().towns}の記録": map(_own_steps, found),
            "備考": (each.note for each in found),
        },
        f"後乗りの意向を示した{context.names().towns}の一覧",
    )
    ready = [each for each in found if each.state.standing is not Standing.INTEREST]
    if ready:
        _draw_confirming(ready)


def _own_steps(intention: Intention) -> str:
    return "、".join(f"{r.step.label} {era_date(r.done_on)}" for r in intention.own_steps) or "なし"


def _draw_confirming(ready: list[Intention]) -> None:
    found = {(each.municipality.lg_code, each.procurement.key): each for each in ready}
    labels = {
        key: f"{each.municipality.name} {each.procurement.label}({each.state.standing.label})"
        for key, each in found.items()
    }
    who = choose(
        st.selectbox,
        f"確認する{context.names().towns}",
        labels,
        None,  # whoever is first in the list is not meant by that
        placeholder=f"{context.names().towns}を選ぶ",
        key="boarding.confirm.who",
    )
    if who is None:
        return
    chosen = found[who]
    state = chosen.state
    handed_in = Standing.MANDATE in (state.standing, state.foreseen)
    kinds = [EventKind.JOINED_LATE] if handed_in else [EventKind.MANDATE, EventKind.JOINED_LATE]
    key = f"boarding.confirm.{chosen.municipality.lg_code}.{chosen.procurement.key}"
    seen = as_shown(key, chosen.last_event)
    only = kinds[0] if len(kinds) == 1 else None
    kind = choose(st.segmented_control, "確認した内容(必須)", kinds, only, key=f"{key}.kind")
    day = st.date_input(
        "適用日(委任状の受理日、参加の日)",
        context.today(),
        format="YYYY-MM-DD",
        key=f"{key}.day",
    )
    source = st.text_input("出典(文書の名称・日付など)", key=f"{key}.source")
    pressed = st.button(
        "台帳に記録する",
        type="primary",
        icon=":material/check:",
        disabled=kind is None,
        key=f"{key}.go",
    )
    if kind is None:
        st.caption("「確認した内容」を選ぶと記録できます。")
    answer(key)
    if not pressed:
        return
    entry = Entry(
        participant=chosen.municipality.lg_code,
        programme=chosen.procurement.key,
        kind=kind,
        effective=PartialDate(day, Precision.DAY),
        source=source,
    )
    submit(
        key,
        partial(record_participation, entry=entry, seen_event=seen),
        f"{chosen.municipality.name}の{chosen.procurement.label}に"
        f"「{kind.label}」({era_date(day)})を記録しました。",
    )
