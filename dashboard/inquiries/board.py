"""回答状況: who has answered an inquiry and who has not, one of them opened, whom to write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.inquiry.board import Board, BoardRow
from core.inquiry.response import ResponseState, ResponseStep, japan_moment
from core.inquiry.round import InquiryState
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.views.inquiries import InquiryAnswer
from dashboard import context
from dashboard.inquiries import answered
from dashboard.kit import address
from dashboard.kit.cards import plain
from dashboard.kit.charts.kpi import ACTUAL, indicator_over_time
from dashboard.kit.charts.look import filled_by_name
from dashboard.kit.choice import choose, choose_or_all
from dashboard.kit.copied import copied
from dashboard.kit.drawn import drawn
from dashboard.kit.sight import nothing_opened, opened_mark
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import empty_state, figure_row, some_of

TOWN = "answer"
"""Of the address: the municipality whose answer is open."""
_SIGNS: Mapping[ResponseState, str] = {
    ResponseState.UNTOUCHED: "－",
    ResponseState.DRAFT: "✎",
    ResponseState.AT_APPROVAL: "◇",
    ResponseState.HANDED_IN: "●",
    ResponseState.RETURNED: "▲",
    ResponseState.LATE: "◆",
}
"""Tell the states where there is no colour; the words stand in the legend and in every tile."""
_MISSING = "missing"


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """Figures, tiles, table, addresses, the course of the round."""
    board = found.board
    if board is None:
        empty_state("公開すると、回答状況をここに表示します。", "inbox")
        return
    number = found.inquiry.inquiry_id
    figure_row(_figures(found, board), narrowest=150, level=3)
    _draw_tiles(board, number)
    shown = _draw_filter(board, number)
    opened = next((row for row in board.rows if row.lg_code == address.opened(TOWN)), None)
    _draw_table(found, shown, opened)
    if opened is None:
        nothing_opened()
    else:
        with opened_mark(f"inquiry.{number}.{opened.lg_code}"):
            answered.draw(principal, found, opened)
    _draw_contacts(found, shown)
    _draw_history(board)


def _figures(found: InquiryAnswer, board: Board) -> list[Figure]:
    counts, asked = board.counts, f"照会先 {len(board.rows)}団体のうち。"
    at_it = sum(counts[s] for s in (ResponseState.DRAFT, ResponseState.AT_APPROVAL))

    def figure(label: str, value: int | None, unit: str, basis: str) -> Figure:
        return Figure(
            label=label,
            value=value,
            unit=unit,
            definition=f"照会「{found.inquiry.composition.title}」の{label}。",
            basis=basis,
            as_of=day_label(context.today()),
            source=LEDGER_SOURCE,
            status=Status.ACTUAL,
        )

    days = board.days_left if found.state in (InquiryState.OPEN, InquiryState.ANNOUNCED) else None
    closing = f"締切 {japan_moment(found.inquiry.closes_at)}。暦の日で数え、当日は0日。"
    return [
        figure(
            "提出した団体",
            board.are_in,
            "団体",
            f"{asked}期限後の提出を含む。差戻し中は含まない。該当なしも提出に数える。",
        ),
        figure("まだの団体", len(board.missing), "団体", f"{asked}差戻し中を含む。"),
        figure("記入中の団体", at_it, "団体", f"{asked}下書きと庁内確認中。まだの団体の内数。"),
        *([] if days is None else [figure("締切まで", days, "日", closing)]),
    ]


def _draw_tiles(board: Board, number: int) -> None:
    """One tile a municipality, one entry of the legend a state."""
    towns = context.reference().ever
    legend = "".join(
        f'<li><span class="mark {state.value}" aria-hidden="true">{_SIGNS[state]}</span>'
        f"{state.label} {many}</li>"
        for state, many in board.counts.items()
    )
    tiles = "".join(
        f'<li><button type="button" data-press="{row.lg_code}" class="{row.state.value}" '
        f'aria-label="{plain(towns[row.lg_code].name)} {row.state.label}">'
        f'<span aria-hidden="true">{_SIGNS[row.state]}</span>'
        f"<span>{plain(towns[row.lg_code].name)}</span></button></li>"
        for row in board.rows
    )
    drawn(
        f'<ul class="noriai-answer-legend" aria-label="凡例と団体の数">{legend}</ul>'
        f'<ul class="noriai-answers" aria-label="団体ごとの回答の状態">{tiles}</ul>',
        f"inquiry.tiles.{number}",
        partial(address.open_detail, TOWN),
    )


def _draw_filter(board: Board, number: int) -> list[BoardRow]:
    towns, counts = context.reference().ever, board.counts
    again = sum(row.look_again for row in board.rows)
    states = {
        _MISSING: f"まだ({len(board.missing)})",
        **{s.value: f"{s.label}({n})" for s, n in counts.items() if n},
        **({"again": f"要再確認({again})"} if again else {}),
        "": f"すべて({len(board.rows)})",
    }
    key = f"inquiry.state.{number}"
    if st.session_state.get(key) not in states:
        st.session_state.pop(key, None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = choose(st.selectbox, "状態", states, "", key=key, width=220)
        areas = dict.fromkeys(towns[row.lg_code].area for row in board.rows)
        area = choose_or_all("地域", {a: a for a in areas}, f"inquiry.area.{number}", width=220)
    return [
        row
        for row in board.rows
        if area in ("", towns[row.lg_code].area) and _fits(row, str(state or ""))
    ]


def _fits(row: BoardRow, state: str) -> bool:
    if state == _MISSING:
        return not row.state.is_in
    return row.look_again if state == "again" else state in ("", row.state.value)


def _draw_table(found: InquiryAnswer, rows: Sequence[BoardRow], opened: BoardRow | None) -> None:
    if not rows:
        empty_state("この条件の団体はありません。条件を減らしてください。", "filter_alt_off")
        return
    towns = context.reference().ever
    shown: dict[str, list[object]] = {
        context.names().towns: [towns[row.lg_code].name for row in rows],
        "状態": [f"{_SIGNS[row.state]} {row.state.label}" for row in rows],
        "要再確認": ["設問が変わりました" if row.look_again else "" for row in rows],
        "受領番号": [_receipt(found, row) for row in rows],
        "最後の提出": [_handed_in(row) for row in rows],
        "提出のほかの動き": [_last(row) for row in rows],
        "だれが": [_who(row) for row in rows],
        "連絡先": [_contact(found, row) for row in rows],
    }
    number = found.inquiry.inquiry_id
    table(
        {name: cells for name, cells in shown.items() if any(cells)},
        "団体ごとの回答状況。団体名を押すと回答を開きます",
        key=f"inquiry.board.{number}",
        on_pick=lambda place: address.open_detail(TOWN, rows[place].lg_code),
        chosen=rows.index(opened) if opened in rows else None,
    )
    if opened is None:
        st.caption("団体名か札を押すと、回答・版・差戻し・代わりの記録が開きます。")


def _receipt(found: InquiryAnswer, row: BoardRow) -> str:
    """受領番号 of what was handed in last, as the municipality's receipt has it."""
    handed_in = row.response.handed_in
    number = found.receipts.get(handed_in[-1].event_id) if handed_in else None
    return "" if number is None else str(number)


def _handed_in(row: BoardRow) -> str:
    handed_in = row.response.handed_in
    return japan_moment(handed_in[-1].recorded_at) if handed_in else ""


def _last(row: BoardRow) -> str:
    """What was done last and when, unless that is the 提出 named already."""
    last, draft = row.response.last, row.response.draft
    if draft is not None and (last is None or draft.saved_at > last.recorded_at):
        return f"下書きの保存 {japan_moment(draft.saved_at)}"
    if last is None or last.step is ResponseStep.HANDED_IN:
        return ""
    return f"{last.step.label} {japan_moment(last.recorded_at)}"


def _who(row: BoardRow) -> str:
    last, draft = row.response.last, row.response.draft
    if draft is not None and (last is None or draft.saved_at > last.recorded_at):
        return shown_name(draft.saved_by)
    return shown_name(last.recorded_by) if last else ""


def _contact(found: InquiryAnswer, row: BoardRow) -> str:
    contact = found.contacts.get(row.lg_code)
    if contact is None:
        return "担当者の登録なし"
    card = contact.card
    return "・".join(filter(None, (f"{card.department} {card.name}", card.mail, card.phone)))


def _draw_contacts(found: InquiryAnswer, rows: Sequence[BoardRow]) -> None:
    """The addresses of who is listed and has not answered."""
    waited = [row for row in rows if not row.state.is_in]
    if not waited:
        return
    to = {
        row.lg_code: found.contacts[row.lg_code] for row in waited if row.lg_code in found.contacts
    }
    towns = context.reference().ever
    with st.expander(f"連絡する相手({len(waited)}団体)", icon=":material/contact_mail:"):
        if to:
            addresses = dict.fromkeys(each.card.mail for each in to.values())
            copied(
                "; ".join(addresses),
                f"表示中でまだの団体の宛先({len(addresses)}件)。BCCに貼り付けてください",
            )
        without = [towns[row.lg_code].name for row in waited if row.lg_code not in to]
        if without:
            st.caption(
                escaped(
                    f"{some_of(without)}({len(without)}団体)は担当者の登録がありません。"
                    "「管理」の「担当者」で登録できます。"
                )
            )
        st.caption("知らせる文面と、知らせた記録は「経過」の「連絡」にあります。")


def _draw_history(board: Board) -> None:
    """The line of the round: how many had handed in by the end of each day."""
    days = board.history
    before = [0, *(many for _, many in days[:-1])]
    with st.expander("日ごとの提出", icon=":material/show_chart:"):
        st.caption(
            escaped(
                "単位: 団体。初めて提出した日で数える(出し直しは数えない)。"
                f"{day_label(context.today())}、照会先 {len(board.rows)}団体。"
            )
        )
        if len(days) > 1:
            rows = [{"日": d.isoformat(), "値": float(n), "系列": ACTUAL} for d, n in days]
            st.vega_lite_chart(
                filled_by_name(
                    indicator_over_time("団体", (ACTUAL,), ()),
                    {"lines": rows, "day": [{"日": context.today().isoformat()}]},
                ),
                width="stretch",
                alt=f"提出した団体の累計。{days[0][0]}から{days[-1][0]}までに{days[-1][1]}団体。",
            )
        listed = [
            (day.isoformat(), many - earlier, many)
            for (day, many), earlier in zip(days, before, strict=True)
            if many - earlier or day == days[-1][0]
        ]
        table(
            {
                "日": [day for day, _, _ in listed],
                "その日に提出": [f"{many}団体" for _, many, _ in listed],
                "累計": [f"{many}団体" for _, _, many in listed],
            },
            "日ごとの提出(提出のあった日と最後の日)",
        )
