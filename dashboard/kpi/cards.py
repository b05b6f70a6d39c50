"""一覧: indicators as cards, everything they owe one click away; the rest as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.exports.kpi.wording import inside_words, published_text
from core.figures.indicator import Indicator, Place, Subject, Wanted
from core.figures.reading import Reading
from core.figures.registry import subjects
from core.figures.target import reached
from core.values.fiscal import era_date
from core.views.kpi import KpiAnswer
from dashboard.kit import address, widgets
from dashboard.kit.cards import Action, Badge, Card, Tone, cards
from dashboard.kit.choice import choose
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text
from dashboard.kpi.question import open_detail

_SUBJECT = "kpi.subject"
_TONES: Mapping[Wanted, Mapping[str, Tone]] = {
    Wanted.UP: {"+": Tone.GOOD, "−": Tone.BAD},
    Wanted.DOWN: {"+": Tone.BAD, "−": Tone.GOOD},
    Wanted.NEITHER: {},
}


def draw_cards(answer: KpiAnswer) -> None:
    """The headlines of one 分野, and everything of it as a table."""
    if widgets.take_tab(_SUBJECT, "subject") not in ("", *Subject):
        del st.session_state[_SUBJECT]
    st.session_state.setdefault(_SUBJECT, Subject.PARTICIPATION.value)
    subject = choose(
        st.segmented_control, "分野", subjects(answer.reference), key=_SUBJECT, required=True
    )
    usual = subject is Subject.PARTICIPATION
    address.keep(_SUBJECT, {} if usual else {"subject": subject.value}, {"subject"})
    found = [r for r in answer.readings if r.indicator.subject is subject]
    if not found:
        widgets.empty_state(
            "絞り込んだ相談の数は事務局だけに表示します。絞り込みを外してください。", "lock"
        )
        return
    headlines = [each for each in found if Place.CARD in each.indicator.shows]
    if headlines:
        cards(list(map(_card, headlines)), key="kpi.cards", narrowest=230)
    box = st.expander(
        f"{escaped(subject.label)}のすべての指標({len(found)})",
        expanded=not headlines,
        icon=":material/table:",
        key=f"kpi.all.{subject.value}",
        on_change="rerun",  # what stands closed is not drawn anew with every filter
    )
    if box.open:
        with box:
            _draw_table(found)


def _card(reading: Reading) -> Card:
    indicator = reading.indicator
    lines = [standing_text(reading)]
    if reading.compared_with is not None:
        lines.append(f"増減は{era_date(reading.compared_with)}から")
    lines += [f"公表値 {published_text(total)}" for total in reading.birth.published]
    if reading.target is not None:
        lines.append(target_text(reading))
    return Card(
        key=indicator.key,
        title=indicator.name,
        value=indicator.text(reading.value),
        change=change_badge(reading),
        lines=lines,
        terms=definition(indicator),
        terms_label="定義",
        actions=(Action("推移・内訳", on_press=partial(open_detail, indicator.key)),),
    )


def change_badge(reading: Reading) -> Badge | None:
    """What changed since the other day, and whether that is what is wanted."""
    indicator = reading.indicator
    if reading.compared_with is None:
        return None
    change = indicator.change_text(reading.value, reading.before)
    tone = change_tone(indicator, change)
    return Badge(change if tone is not Tone.PLAIN else f"増減 {change}", tone)


def change_tone(indicator: Indicator, change: str) -> Tone:
    """Whether a change, as it is written, is what is wanted."""
    return _TONES[indicator.wanted].get(change[:1], Tone.PLAIN)


def standing_text(reading: Reading) -> str:
    """実績 or 予定, from where and of when; for an unknown number why it is."""
    if reading.value is None:
        return "・".join(filter(None, (reading.why, inside_words(reading))))
    origin = reading.birth.origin
    return "・".join(
        filter(
            None,
            (
                reading.indicator.status.label,
                f"{origin.label}、{reading.birth.as_of}" if origin else reading.birth.as_of,
                inside_words(reading),
                "" if reading.indicator.filterable else "絞り込みの対象外",
            ),
        )
    )


def target_text(reading: Reading) -> str:
    """目標 and whether it is met."""
    indicator = reading.indicator
    target = reading.target
    if target is None:
        return ""
    met = reached(indicator, target, reading.value)
    words = {True: "達成", False: "未達", None: "判定できない"}[met]
    return f"目標 {indicator.text(target.value)}({era_date(target.day)}まで): {words}"


def definition(indicator: Indicator) -> dict[str, str]:
    """Everything an indicator owes its reader, by name."""
    return {
        "定義": indicator.definition,
        "分子": indicator.numerator,
        "分母": indicator.denominator or "",
        "集計方法": f"{indicator.fold.label}(単位 {indicator.unit})",
        "集計基準": indicator.basis,
        "望ましい方向": indicator.wanted.label,
        "実績・予定": indicator.status.label,
        "出典": source_text(indicator.source),
    }


def _draw_table(found: Sequence[Reading]) -> None:
    changes = {
        "増減": [
            r.indicator.change_text(r.value, r.before) for r in found if r.compared_with is not None
        ]
    }
    table(
        {
            "指標": (r.indicator.name for r in found),
            "値": (r.text for r in found),
            **(changes if changes["増減"] else {}),
            "実績・予定": (r.indicator.status.label for r in found),
            "集計基準": (r.indicator.basis for r in found),
            "時点": (r.birth.as_of for r in found),
            "出典": (source_text(r.birth.source) for r in found),
        },
        "指標の一覧",
    )
    st.caption("1つの指標の推移と内訳は「推移・内訳」で選べます。")
