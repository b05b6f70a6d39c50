"""推移・内訳: one indicator over time, beside another day, and the rows that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import dropwhile

import pandas as pd
import streamlit as st

from core.access.principal import Principal
from core.exports.file import file_name
from core.exports.kpi import rows_csv
from core.exports.kpi.wording import published_text
from core.figures.indicator import Fold, Indicator, Part, Subject
from core.values.figure import Status, Value
from core.values.fiscal import era_date
from core.views.kpi import KpiDetailAnswer, kpi_detail_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import titles, widgets
from dashboard.kit.cards import Card, Rank, cards
from dashboard.kit.charts.kpi import (
    ACTUAL,
    FORESEEN,
    PUBLISHED,
    PUBLISHED_PLAN,
    TARGET,
    groups_as_bars,
    indicator_over_time,
)
from dashboard.kit.charts.look import filled_by_name
from dashboard.kit.choice import choose
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import source_text
from dashboard.kpi.cards import change_badge, definition, standing_text
from dashboard.kpi.question import CHOSEN, INDICATOR, Question, Span

_MOST_NAMED = 12
_SUBJECT = "kpi.history.subject"
_NO_AIM = {"日": None, "終": None, "値": None}


def draw_choice(known: Mapping[str, Indicator]) -> Subject:
    """Of which 分野, which indicator of it, and how far back."""
    state = st.session_state
    shown = known.get(str(state.get(INDICATOR)), next(iter(known.values())))
    state[_SUBJECT] = shown.subject.value  # also where it was opened from elsewhere
    subject: Subject = choose(
        st.segmented_control,
        "分野",
        list(dict.fromkeys(each.subject for each in known.values())),
        key=_SUBJECT,
        required=True,
        on_change=_first_of_subject,
        args=({each.subject.value: key for key, each in reversed([*known.items()])},),
    )
    names = {key: each.name for key, each in known.items() if each.subject is shown.subject}
    with st.grid("auto", min_column_width=280):
        choose(
            st.selectbox,
            "指標",
            names,
            key=INDICATOR,
            persist_state="session",
            on_change=_chosen,
        )
        choose(st.selectbox, "推移の範囲", Span, key="kpi.span", persist_state="session")
    return subject


def _chosen() -> None:
    st.session_state[CHOSEN] = st.session_state[INDICATOR]


def _first_of_subject(first: Mapping[str, str]) -> None:
    """Another 分野 opens its first indicator; before the address is read, so that both agree."""
    st.session_state[INDICATOR] = first[st.session_state[_SUBJECT]]


def draw_detail(answer: KpiDetailAnswer, question: Question) -> None:
    """The number, its history, its breakdowns and its rows."""
    reading = answer.reading
    each = reading.indicator
    titles.title(each.name)
    place = (
        question.chosen.label(context.reference().on(question.as_of).everybody)
        if each.filterable
        else "全体"
    )
    published = (f"公表値 {published_text(total)}" for total in reading.birth.published)
    figure = Card(
        key="kpi.detail",
        title=each.name,
        value=reading.text,
        change=change_badge(reading),
        lines=(f"{standing_text(reading)}・{place}", *published),
        terms=definition(each),
        terms_label="定義・集計基準・出典",
        rank=Rank.FIRST,
    )
    cards([figure], level=2)
    if reading.compared_with is not None:
        _draw_comparison(each, answer, reading.compared_with)
    _draw_history(each, answer)
    _draw_breakdowns(each, answer)
    _draw_rows(each, answer, question)


def _draw_comparison(each: Indicator, answer: KpiDetailAnswer, day: date) -> None:
    reading = answer.reading
    st.markdown(
        f"{era_date(day)}時点は **{escaped(each.text(reading.before))}**、"
        f"増減は **{escaped(each.change_text(reading.value, reading.before))}**"
    )
    now, before = _named(reading.parts), _named(answer.before)
    for words, found in (("増えたもの", now - before), ("減ったもの", before - now)):
        if found:
            shown = "、".join(sorted(found)[:_MOST_NAMED])
            more = f" ほか{len(found) - _MOST_NAMED}件" if len(found) > _MOST_NAMED else ""
            st.markdown(f"{escaped(words)}: {escaped(shown)}{more}")


def _named(parts: Sequence[Part]) -> set[str]:
    return {part.label for part in parts if part.numerator}


def _plotted(value: Value) -> float | None:
    return None if value is None else float(value)


def _draw_history(each: Indicator, answer: KpiDetailAnswer) -> None:
    as_of, points = answer.reading.as_of, answer.points
    lines = [
        {"日": point.day.isoformat(), "値": _plotted(point.value), "系列": ACTUAL}
        # a line that begins with an unknown value would be read aloud as null
        for point in dropwhile(lambda each: each.value is None, answer.line)
    ]
    if answer.foreseen:
        lines += [
            {"日": day.isoformat(), "値": _plotted(value), "系列": FORESEEN}
            for day, value in [
                (as_of, points[-1].value),
                *((each.day, each.value) for each in answer.foreseen),
            ]
        ]
    marks = [
        {
            "日": total.as_of.first.isoformat(),
            "値": float(total.value),
            "系列": PUBLISHED if total.status is Status.ACTUAL else PUBLISHED_PLAN,
            "説明": f"{total.as_of.label}時点、{context.reference().sources[total.source].title}",
        }
        for total in answer.published
    ]
    aims = []
    for target in answer.targets:
        day, level = target.day, float(target.value or 0)
        marks.append({"日": day.isoformat(), "値": level, "系列": TARGET, "説明": target.note})
        first, last = min(as_of, day), max(as_of, day)
        aims.append({"日": first.isoformat(), "終": last.isoformat(), "値": level})
    sentence = _sentence(each, answer)
    st.markdown(f"**{escaped(each.name)}の推移**(単位: {escaped(each.unit)})")
    st.caption(f"{escaped(each.basis)} 基準日 {era_date(as_of)}。")
    if any(line["値"] is not None for line in lines) or marks:
        st.vega_lite_chart(
            filled_by_name(
                indicator_over_time(
                    each.unit,
                    (ACTUAL, FORESEEN) if answer.foreseen else (ACTUAL,),
                    tuple(sorted({str(mark["系列"]) for mark in marks})),
                ),
                {
                    "lines": lines,
                    **({"points": marks, "aims": aims or [_NO_AIM]} if marks else {}),
                    "day": [{"日": as_of.isoformat()}],
                },
            ),
            width="stretch",
            alt=f"{each.name}の推移。{sentence}",
        )
    st.markdown(escaped(sentence))
    with st.expander("推移の表", icon=":material/table:"):
        shown = [(point.day.isoformat(), ACTUAL, each.text(point.value), "") for point in points]
        shown += [(f.day.isoformat(), FORESEEN, each.text(f.value), "") for f in answer.foreseen]
        shown += [
            (str(m["日"]), str(m["系列"]), each.text(int(float(m["値"]))), str(m["説明"]))  # type: ignore[arg-type]
            for m in marks
        ]
        columns = zip(
            ("日(この日から)", "系列", "値", "説明"), zip(*shown, strict=True), strict=True
        )
        table(dict(columns), f"{each.name}の推移の表")
    said = dict.fromkeys(total.source for total in answer.published)
    sources = "、".join(source_text(source) for source in dict.fromkeys((each.source, *said)))
    st.caption(f"出典: {escaped(sources)}")


def _sentence(each: Indicator, answer: KpiDetailAnswer) -> str:
    points = answer.points
    begin, now = points[0], points[-1]
    then, today = era_date(begin.day), era_date(now.day)
    before, text = each.text(begin.value), each.text(now.value)
    if begin.value == now.value:
        words = f"{then}から{today}まで、初めと終わりは同じ{text}です。"
    elif begin.value is None or now.value is None:
        words = f"{then}は{before}、{today}は{text}です。"
    else:
        words = f"{then}の{before}から、{today}の{text}になりました。"
    if answer.foreseen:
        last = answer.foreseen[-1]
        words += f"予定どおりなら{era_date(last.day)}に{each.text(last.value)}になります。"
    return words


def _draw_breakdowns(each: Indicator, answer: KpiDetailAnswer) -> None:
    if not answer.breakdowns:
        return
    st.markdown("**地域・区分・人口規模ごと**")
    with st.grid("auto", min_column_width=250):
        for breakdown in answer.breakdowns:
            table(
                {
                    breakdown.label: (label for label, _ in breakdown.parts),
                    f"値({each.unit})": (each.text(value) for _, value in breakdown.parts),
                },
                f"{each.name}、{breakdown.label}ごと",
            )
    if each.fold is not Fold.TOTAL:
        st.caption(f"{each.fold.label}は足し合わせられません。")


def _draw_rows(each: Indicator, answer: KpiDetailAnswer, question: Question) -> None:
    st.markdown("**この数字を作っている内訳**")
    rows = answer.reading.parts
    if not rows:
        st.caption("内訳の行はありません。")
        return
    if len(answer.groups) > 1:
        if each.fold is Fold.TOTAL and each.unit != "円":
            groups = [
                {"分け方": group.label, "値": _plotted(group.value)} for group in answer.groups
            ]
            st.vega_lite_chart(
                filled_by_name(groups_as_bars(each.unit), {"groups": groups}),
                width="stretch",
                alt=f"{each.name}を{len(groups)}つに分けた横棒。数は下の表と同じ。",
            )
        table(
            {
                "分け方": (group.label for group in answer.groups),
                "行": (f"{group.parts:,}" for group in answer.groups),
                "値": (each.text(group.value) for group in answer.groups),
            },
            f"{each.name}の内訳の小計",
        )
    numerator = f"分子({each.numerator if each.denominator else each.unit})"
    localized = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        pd.DataFrame(
            {
                "項目": [part.label for part in rows],
                "分け方": [part.group for part in rows],
                numerator: pd.array([part.numerator for part in rows], dtype="Int64"),
                **({"分母": [part.denominator for part in rows]} if each.denominator else {}),
                "備考": [part.detail for part in rows],
            }
        ),
        hide_index=True,
        column_config={numerator: localized, "分母": localized},
        alt=f"{each.name}の内訳",
    )
    st.caption(
        f"{len(rows):,}行の{each.fold.label}が上の数字 {escaped(answer.reading.text)} です。"
        "分子が空欄の行は不明で、0ではありません。"
    )
    with st.container(horizontal=True):
        download(
            "内訳をCSVで保存",
            partial(_rows_file, question),
            file_name(
                "KPI内訳",
                each.key,
                answer.reading.as_of.isoformat(),
                suffix=".csv",
                made_up=widgets.made_up(),
            ),
            key="kpi.rows.csv",
        )
        _link_to_owner(each)


def _rows_file(question: Question, who: Principal) -> bytes:
    reading = detail_of(question, who).reading
    return rows_csv(reading.indicator, reading.parts, reading.as_of, made_up=widgets.made_up())


def detail_of(question: Question, who: Principal) -> KpiDetailAnswer:
    """What the view says of the one indicator asked for."""
    return context.answer(
        kpi_detail_view,
        who,
        indicator=question.indicator,
        as_of=question.as_of,
        first=question.first,
        compared_with=question.compared_with,
        today=context.today(),
        **question.place,
    )


def _link_to_owner(each: Indicator) -> None:
    opened = {screen.name: screen for screen in navigation.open_to(context.who())}
    if each.screen in opened:
        title = opened[each.screen].title
        navigation.link(each.screen, escaped(f"もとの画面「{title}」を開く"), "arrow_forward")
