"""What プラン選択・費用試算 draws of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from core.estimate.calculation import NOTHING_CHOSEN, Estimate, YearEstimate
from core.estimate.caveats import ended_note, is_provisional, pace_note, provisional_note
from core.estimate.scenarios import Scenario, ScenarioKey
from core.estimate.terms import Premise
from core.estimate.wording import one_price, working
from core.reference.plans import SupportPlan
from core.values.money import Amounts, amount_labels, yen_text
from core.values.municipality import Municipality
from core.views.plans import PlansAnswer
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.charts.cost import NET, monthly_cost
from dashboard.kit.charts.look import filled
from dashboard.kit.tables import table
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import source_text
from dashboard.plans import inputs

MOST = 10**12
"""Largest 申請総額 and 不足額 that is taken, yen."""


def _subsidy_mark() -> str:
    return f"{context.names().kind}の1/2補助は「考えております」「検討しております」と公表された段階です。"


def payer(town: Municipality | None) -> str:
    """Whose part 一般財源 is, in a word."""
    if town is None:
        return "団体の負担"
    return (
        f"{town.name[-1]}の負担" if town.name[-1] in context.names().towns else f"{town.name}の負担"
    )


def draw_bar(answer: PlansAnswer, town: Municipality | None, *, old: bool) -> None:
    """What it comes to: the caveat, the amount of the town, the three cases; one element.

    Args:
        old: Whether it belongs to inputs that can no longer be read.
    """
    estimate = answer.estimate
    year = estimate.first
    if not year.lines:
        st.html('<p class="noriai-result">支援プランを選ぶと、金額がここに出ます。</p>')
        return
    pace = pace_note(year)
    notes = (
        provisional_note(year),
        pace and f"{pace}回数を減らすか、開始月を確認してください。",
        ended_note(estimate),
    )
    note = "".join(f"<p>{escape(said)}</p>" for said in notes if said)
    mark = '<span class="kari">仮</span>' if is_provisional(year) else ""
    stale = (
        '<p class="old">読めない入力があるため、下の額は直す前のものです。直すと計算し直します。</p>'
        if old
        else ""
    )
    whose = f"{town.name}の負担" if town else "団体の負担"
    further = (
        f"<span>{len(estimate.years)}年間の合計 <b>{yen_text(estimate.net)}</b></span>・"
        if len(estimate.years) > 1
        else ""
    )
    st.html(
        f'<section class="noriai-result{" old" if old else ""}" aria-label="試算の結果">{stale}'
        f'<div class="note">{note}</div>'
        f'<div class="sum"><p class="what">{year.fiscal_year.label} {escape(whose)}(一般財源)</p>'
        f'<p class="big"><b>{yen_text(year.net)}</b> {mark}</p>'
        f'<p class="flow">{further}<span>歳出 {yen_text(year.gross)}</span> '
        f"{_granted(year)}</p></div>{_strip(answer)}</section>"
    )


def _granted(year: YearEstimate) -> str:
    called = context.names().subsidy
    return f"<span>− {called} {yen_text(year.subsidy)}</span>" if called else ""


def _strip(answer: PlansAnswer) -> str:
    """The three cases; why not, when they cannot be; nothing where there is no subsidy."""
    if answer.estimate.first.terms.subsidy is None:
        return ""
    if answer.scenario_problems:
        return (
            '<p class="cases">三つの場合は出せません。「条件を変えて試す」の申請総額・不足額を'
            "直してください。</p>"
        )
    each = "".join(
        f"<div><dt>{escape(_case(case, answer))}</dt><dd>{yen_text(case.net)}</dd></div>"
        for case in answer.scenarios
    )
    return f'<dl class="cases" aria-label="三つの場合の一般財源">{each}</dl>'


def _case(case: Scenario, answer: PlansAnswer) -> str:
    if case.key is not ScenarioKey.SHORTFALL:
        return case.label
    tenth = answer.demand is not None and answer.shortfall == answer.demand // 10
    return "1割不足(仮定)" if tenth else case.label


def draw_breakdown(estimate: Estimate, plans: Sequence[SupportPlan]) -> None:
    """Plan by plan, year by year, month by month; 千円 as a budget shows them."""
    year = estimate.first
    names = {plan.number: f"{plan.number}. {plan.short_name}" for plan in plans}
    thousands = year.thousands
    table(
        {
            f"{year.fiscal_year.label}の内訳": [
                *(names[line.plan] for line in year.lines),
                "合計",
                "千円(予算書の単位)",
            ],
            "年間回数": [*(f"{line.visits}回" for line in year.lines), "", ""],
            **(
                {}
                if one_price(year) is not None
                else {"単価": [*_yens(line.unit_price for line in year.lines), "", ""]}
            ),
            **{
                label: [*amounts, f"{getattr(thousands, attribute):,}"]
                for (attribute, label), amounts in zip(
                    _labels().items(), _amounts((*year.lines, year)).values(), strict=True
                )
            },
        },
        alt=f"選んだプランごとの年間回数、{'、'.join(_labels().values())}",
    )
    if len(estimate.years) > 1:
        _draw_years(estimate)
    _draw_months(year)


def _labels() -> dict[str, str]:
    return amount_labels(context.names().subsidy)


def _amounts(rows: Sequence[Amounts]) -> dict[str, list[str]]:
    """Columns of what they cost and who pays it."""
    return {
        label: _yens(getattr(each, attribute) for each in rows)
        for attribute, label in _labels().items()
    }


def _yens(amounts: Any) -> list[str]:
    return [yen_text(amount) for amount in amounts]


def _draw_years(estimate: Estimate) -> None:
    """年度別 when the support continues."""
    sums: tuple[YearEstimate | Estimate, ...] = (*estimate.years, estimate)
    table(
        {
            "年度": [*(year.fiscal_year.full_label for year in estimate.years), "合計"],
            **_amounts(sums),
        },
        alt=f"年度別の{'、'.join(_labels().values())}",
    )
    subsidised = context.names().subsidy is not None
    st.caption(
        f"仮定: 2年目以降も同じプラン・同じ回数。費用{'と補助条件' if subsidised else ''}は各年度に有効な登録値を使い、"
        "なければ最も新しい年度の値を当てはめる。"
        f"{'翌年度以降の補助は公表されていない。' if subsidised else ''}"
    )


def _draw_months(year: YearEstimate) -> None:
    """月別の歳出: a sentence; a chart and a table only where the months differ."""
    total = sum(row.visits for row in year.months)
    whole = f"{year.fiscal_year.label}は{len(year.months)}か月で{total}回"
    called, source = context.names().subsidy, context.reference().of(year.fiscal_year).talent.source
    spread = (
        f"し、{called}は費用の割合で月に分けたもの(交付の時期は未公表)" if called else "したもの"
    )
    note = f"月1回ずつ開始月から支援を受けると仮定{escaped(spread)}。〔出典: {escaped(source_text(source))}〕"
    if len({(row.gross, row.subsidy) for row in year.months}) == 1:
        month = year.months[0]
        st.markdown(
            f"**月別** 毎月同じで、{month.visits}回・歳出{yen_text(month.gross)}・"
            f"一般財源{yen_text(month.net)}({whole})。"
        )
        st.caption(note)
        return
    busiest = max(year.months, key=lambda row: row.visits)
    sentence = (
        f"{whole}、歳出は合計{yen_text(year.gross)}、多い月は{busiest.month.month}月の"
        f"{yen_text(busiest.gross)}。"
    )
    rows = [
        row
        for month in year.months
        for row in _funds(f"{month.month.month}月", int(month.net), int(month.subsidy))
    ]
    st.markdown(f"**月別** {sentence}")
    st.vega_lite_chart(filled(monthly_cost(called), rows), alt=f"月別の歳出。{sentence}")
    st.caption(f"単位: 円。{note}")
    table(
        {
            "月": [f"{row.month.year}年{row.month.month}月" for row in year.months],
            "支援回数": [f"{row.visits}回" for row in year.months],
            **{
                f"{label}(按分)" if label == called else label: amounts
                for label, amounts in _amounts(year.months).items()
            },
            "歳出累計": _yens(row.cumulative_gross for row in year.months),
        },
        alt=f"月別の支援回数、{'、'.join(_labels().values())}、歳出累計",
    )


def _funds(name: str, net: int, subsidy: int) -> list[dict[str, Any]]:
    called = context.names().subsidy
    paid = [{"月": name, "財源": called, "金額": subsidy, "順": 1}] if called else []
    return [{"月": name, "財源": NET, "金額": net, "順": 0}, *paid]


def draw_working(answer: PlansAnswer) -> None:
    """How the amounts came about, the three cases, and every value used with its source."""
    year = answer.estimate.first
    steps = "\n".join(
        f"- {escaped(step.label)}: {escaped(step.expression)}" for step in working(year)
    )
    premises = "\n".join(f"- {_premise_text(premise)}" for premise in year.terms.premises)
    st.markdown(
        f"**計算の過程**\n\n{steps}\n\n{_cases(answer)}"
        f"**前提と出典**(適用日 {year.terms.as_of.isoformat()})\n\n{premises}"
    )


def _cases(answer: PlansAnswer) -> Markdown:
    """The three cases and how each came about; nothing where there is no subsidy."""
    if answer.estimate.first.terms.subsidy is None:
        return Markdown("")
    cases = "\n".join(
        f"- {escaped(case.label)}: 一般財源 **{yen_text(case.net)}**。{escaped(case.working)}"
        for case in answer.scenarios
    )
    if answer.demand is None:
        cases += (
            "\n- 予算が不足: この年度の希望は公表されていないため、出していません。"
            "「条件を変えて試す」に申請総額を入れると出ます。"
        )
    return Markdown(
        f"**三つの場合** {escaped(_worst(answer.scenarios))}{escaped(_subsidy_mark())}"
        f"〔出典: {escaped(source_text('jirei'))}〕\n\n{cases}\n\n"
    )


def _worst(cases: Sequence[Scenario]) -> str:
    net = {case.key: case.net for case in cases}
    if not net:
        return ""
    more = net[ScenarioKey.NO_SUBSIDY] - net[ScenarioKey.ANNOUNCED]
    return f"補助がつかない場合、一般財源は{yen_text(more)}増えます。"


def _premise_text(premise: Premise) -> Markdown:
    since = f"・適用開始 {premise.valid_from.isoformat()}" if premise.valid_from else ""
    note = escaped(f" {premise.note}" if premise.note else "")
    return Markdown(
        f"**{escaped(premise.label)}** {escaped(premise.text)}〔{escaped(premise.basis_label)}〕"
        f"{escaped(since)}{note} 出典: {escaped(source_text(premise.source))}"
    )


def once_chosen(year: YearEstimate, draw: Callable[[], None]) -> Callable[[], None]:
    """What draws, when something is chosen; what to do, while nothing is."""
    return draw if year.lines else partial(widgets.empty_state, NOTHING_CHOSEN, "touch_app")


def draw_conditions(answer: PlansAnswer) -> None:
    """What if: terms of the asker's own, a budget of the programme that falls short."""
    subsidised = context.names().subsidy is not None
    inputs.draw_own_terms(subsidised=subsidised)
    if subsidised:
        _draw_shortfall(answer)


def _draw_shortfall(answer: PlansAnswer) -> None:
    """申請総額 and 不足額, with what the usual values mean."""
    st.markdown("**予算が不足する場合の前提**")
    with st.grid("auto", min_column_width=280):
        for key, label, usual, said in (
            (
                "demand",
                f"{context.names().kind}全体の申請総額(円)",
                answer.demand,
                "この年度の希望は公表されていないため、空欄では予算が不足する場合を計算しません。"
                if answer.published_wishes is None
                else f"空欄は、公表された希望のべ{answer.published_wishes}プランがすべて年間上限の"
                "回数を使う場合の補助額(仮定)。団体別の内訳は公表されていません。",
            ),
            (
                "shortfall",
                "予算の不足額(円)",
                answer.shortfall,
                f"空欄は、申請総額の1割(仮定)。{context.names().kind}の補助予算の額は公表されていません。",
            ),
        ):
            with st.container(gap="xsmall"):
                written.amount(
                    label,
                    key=f"plans.{key}",
                    most=MOST,
                    placeholder="未公表" if usual is None else f"{int(usual):,}",
                    persist_state="session",
                )
                widgets.show_problem(answer.scenario_problems, key)
                st.caption(escaped(said))
