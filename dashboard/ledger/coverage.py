"""網羅: declare, system by system, that the ledger names everyone, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from core.access.principal import shown_name
from core.commands.coverage import declare_coverage, withdraw_coverage
from core.procurement.coverage import CoverageEntry, CoverageEvent, CoverageKind, covered_on
from core.procurement.headline import Origin
from core.views.ledger import CoverageLine, coverage_view
from dashboard import context
from dashboard.kit import submit, widgets
from dashboard.kit.choice import choose
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.ledger.lines import recorded

_COMMANDS = {
    CoverageKind.DECLARED: declare_coverage,
    CoverageKind.WITHDRAWN: withdraw_coverage,
}
_BUTTONS = {
    CoverageKind.DECLARED: ("網羅を宣言する", ":material/verified:"),
    CoverageKind.WITHDRAWN: ("宣言を取り下げる", ":material/undo:"),
}


def draw_coverage() -> None:
    """Every system and edition with what was said; one of them with its form and history."""
    today = context.today()
    lines = context.answer(coverage_view, context.who(), today=today)
    st.markdown(
        "台帳が参加団体をすべて記載していると確かめたら、その日からの「網羅」を宣言します。"
        f"宣言した日からは、台帳の数が参加団体数になり、記録のない{context.names().towns}は「不明」から「不参加」に変わります。"
    )
    _draw_table(lines, today)
    names = [f"{line.label}({line.edition.label})" for line in lines]
    chosen = st.selectbox(
        "共同調達と版", names, key="ledger.coverage.subject", persist_state="session"
    )
    line = lines[names.index(chosen)]
    left, right = st.columns([55, 45], gap="medium")
    with left:
        _draw_form(line, today)
    with right:
        st.markdown("**宣言と取下げの履歴**")
        _draw_events(line.events)


def _draw_table(lines: Sequence[CoverageLine], today: date) -> None:
    table(
        {
            "共同調達": (line.label for line in lines),
            "版": (line.edition.label for line in lines),
            "今日の見出し": (line.headline.text for line in lines),
            "網羅": (_state(line, today) for line in lines),
        },
        "共同調達と版ごとの、台帳の網羅の宣言",
    )


def _state(line: CoverageLine, today: date) -> str:
    if covered_on(line.covered, today):
        since = max(day for day, covered in line.covered if covered and day <= today)
        return f"{since.isoformat()}から"
    return "宣言なし"


def _draw_form(line: CoverageLine, today: date) -> None:
    number = st.session_state.get("ledger.coverage.form", 0)  # the next form begins empty
    prefix = f"ledger.coverage.{line.programme}.{line.edition}.{number}"
    seen = submit.as_shown(f"ledger.coverage.{line.programme}.{line.edition}", line.seen_event)
    covered = covered_on(line.covered, today)
    kind = choose(
        st.segmented_control,
        "記録すること",
        CoverageKind,
        CoverageKind.WITHDRAWN if covered else CoverageKind.DECLARED,
        key=f"{prefix}.kind",
        required=True,
    )
    day = st.date_input(
        "この日から", today, max_value=today, format="YYYY-MM-DD", key=f"{prefix}.day"
    )
    source = st.text_input(
        "出典",
        key=f"{prefix}.source",
        placeholder=f"例: 令和8年11月20日付け 全{context.names().towns}への照会の回答",
    )
    note = st.text_area("備考", key=f"{prefix}.note", height=80)
    st.info(escaped(_consequence(line, kind)), icon=":material/info:")
    label, icon = _BUTTONS[kind]
    if not st.button(escaped(label), type="primary", icon=icon, key=f"{prefix}.go"):
        return
    if day is None:
        st.error("「この日から」に日付を入れてください。", icon=":material/error:")
        return

    def done(_number: int) -> str:
        st.session_state["ledger.coverage.form"] = number + 1
        said = "網羅を宣言しました" if kind is CoverageKind.DECLARED else "宣言を取り下げました"
        return (
            f"{line.label}({line.edition.label})の{day.isoformat()}からの{said}。"
            "「共同調達」の画面の見出しと地図に反映しています。"
        )

    entry = CoverageEntry(line.programme, line.edition, day, source, note)
    submit.submit(prefix, partial(_COMMANDS[kind], entry=entry, seen_event=seen), done)


def _consequence(line: CoverageLine, kind: CoverageKind) -> str:
    """What the headline would be, and what becomes of those without a record."""
    found = line.headline
    if kind is CoverageKind.WITHDRAWN:
        return (
            "取り下げると、見出しは最も新しい公表値(実績。なければ不明)に戻り、記録のない"
            f"{line.without_record}{context.names().towns}は「不明」と示します。宣言の記録は消えず、履歴に残ります。"
        )
    now = "" if found.origin is Origin.LEDGER else f"(いまは{found.text})"
    told = (
        f"宣言すると、見出しは台帳の{found.named}団体になり{now}、記録のない{line.without_record}{context.names().towns}は"
        "「不参加」と示します。"
    )
    if found.unnamed:
        told += "公表値と台帳の数が違うため、違う理由を備考に書いてください。"
    return told


def _draw_events(events: Sequence[CoverageEvent]) -> None:
    if not events:
        widgets.empty_state("まだ宣言も取下げもありません。", "history")
        return
    table(
        {
            "この日から": (event.effective.isoformat() for event in events),
            "記録": (event.kind.label for event in events),
            "出典": (event.source for event in events),
            "備考": (event.note or "－" for event in events),
            "記録した人と日時": (
                f"{shown_name(event.recorded_by)} {recorded(event)}" for event in events
            ),
        },
        "網羅の宣言と取下げの履歴、新しい順",
    )
