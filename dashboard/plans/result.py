"""What プラン選択・費用試算 draws of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.ceiling import Fit
from core.estimate.scenarios import Scenario, ScenarioKey
from core.estimate.terms import Premise
from core.estimate.wording import carried_note, pace_note, working
from core.reference.plans import SupportPlan
from core.values.money import yen_text
from core.views.plans import PlansAnswer
from dashboard.kit.charts.cost import NET, SUBSIDY, compared_cost, monthly_cost
from dashboard.kit.charts.look import filled
from dashboard.kit.tables import list_rows, table
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import source_text

SUBSIDY_MARK = "府の1/2補助は「考えております」「検討しております」と公表された段階です。"


def draw_result(estimate: Estimate) -> None:
    """The three amounts in one glance, before their working."""
    year = estimate.first
    code, name = year.section
    st.subheader(f"{year.fiscal_year.label}の費用({code}節 {escaped(name)})", anchor=False)
    st.metric("一般財源(実質の負担)", yen_text(year.net))
    st.markdown(_amounts_table(year))


def draw_working(year: YearEstimate) -> None:
    """How the amounts came about and what they rest on, what to beware of, the sources."""
    steps = Markdown(
        "\n".join(f"- {escaped(step.label)}: {escaped(step.expression)}" for step in working(year))
    )
    st.caption(f"{steps}\n\n{escaped(_main_premises_text(year))}")
    for note in (carried_note(year), pace_note(year)):
        if note:
            st.warning(escaped(note), icon=":material/warning:")
    draw_premises(year)


def _amounts_table(year: YearEstimate) -> Markdown:
    """歳出 − 府補助金 = 一般財源, in yen and as a budget shows them."""
    thousands = year.thousands
    return Markdown(
        "| | 円 | 千円 |\n|:--|--:|--:|\n"
        f"| 歳出 | {year.gross:,} | {thousands.gross:,} |\n"
        f"| − 府補助金 | {year.subsidy:,} | {thousands.subsidy:,} |\n"
        f"| ＝ **一般財源** | **{year.net:,}** | **{thousands.net:,}** |\n"
    )


def draw_premises(year: YearEstimate) -> None:
    """Every value used, with 根拠区分, start date and source."""
    with st.popover(
        "前提と出典",
        icon=":material/info:",
        width="stretch",
        on_change="rerun",
        key="plans.premises",
    ) as details:
        if details.open:
            st.markdown("\n\n".join(_premise_text(premise) for premise in year.terms.premises))


def _premise_text(premise: Premise) -> Markdown:
    since = escaped(f"・適用開始 {premise.valid_from.isoformat()}" if premise.valid_from else "")
    lines = (
        Markdown(
            f"**{escaped(premise.label)}** {escaped(premise.text)}"
            f"〔{escaped(premise.basis_label)}〕{since}"
        ),
        escaped(premise.note),
        Markdown(f"出典: {escaped(source_text(premise.source))}"),
    )
    return Markdown("  \n".join(line for line in lines if line))


def _main_premises_text(year: YearEstimate) -> str:
    shown = ("talent.unit_price", "talent.subsidy_rate", "talent.rounding_unit")
    return f"適用日 {year.terms.as_of.isoformat()}・" + "・".join(
        f"{premise.label} {premise.text}〔{premise.basis_label}〕"
        for premise in year.terms.premises
        if premise.name in shown
    )


def draw_scenarios(cases: Sequence[Scenario]) -> None:
    """The three cases side by side."""
    heads = " | ".join(escaped(case.label) for case in cases)
    lines = [
        f"| | {heads} |",
        "|:--|" + "--:|" * len(cases),
        f"| 歳出 | {' | '.join(f'{case.gross:,}' for case in cases)} |",
        f"| − 府補助金 | {' | '.join(f'{case.subsidy:,}' for case in cases)} |",
        f"| ＝ **一般財源(円)** | {' | '.join(f'**{case.net:,}**' for case in cases)} |",
        f"| 一般財源(千円) | {' | '.join(f'{case.thousands.net:,}' for case in cases)} |",
    ]
    workings = "\n".join(f"- {escaped(case.label)}: {escaped(case.working)}" for case in cases)
    st.markdown("\n".join(lines))
    by_key = {case.key: case for case in cases}
    worst = by_key[ScenarioKey.NO_SUBSIDY].net - by_key[ScenarioKey.ANNOUNCED].net
    st.caption(
        f"単位: 円。補助がつかない場合、一般財源は{yen_text(worst)}増えます。"
        f"{SUBSIDY_MARK}〔出典: {escaped(source_text('jirei'))}〕\n\n{workings}"
    )


def draw_months(year: YearEstimate) -> None:
    """月別の歳出: chart, one sentence, table, how the months come about."""
    names = [f"{row.month.month}月" for row in year.months]
    rows = [
        row
        for name, month in zip(names, year.months, strict=True)
        for row in _funds("月", name, int(month.net), int(month.subsidy))
    ]
    busiest = max(year.months, key=lambda row: row.visits)
    sentence = (
        f"{year.fiscal_year.label}は{len(names)}か月で{sum(row.visits for row in year.months)}回、"
        f"歳出は合計{yen_text(year.gross)}、多い月は{busiest.month.month}月の"
        f"{yen_text(busiest.gross)}。"
    )
    st.vega_lite_chart(filled(monthly_cost(), rows), alt=f"月別の歳出。{sentence}")
    st.caption(
        f"{sentence}単位: 円。月1回ずつ開始月から支援を受けると仮定し、府補助金は費用の割合で"
        f"月に分けたもの(交付の時期は未公表)。〔出典: {escaped(source_text('jirei'))}〕"
    )
    with st.expander("月別の表", icon=":material/table:"):
        table(
            {
                "月": [f"{row.month.year}年{row.month.month}月" for row in year.months],
                "支援回数": [f"{row.visits}回" for row in year.months],
                "歳出": [yen_text(row.gross) for row in year.months],
                "府補助金(按分)": [yen_text(row.subsidy) for row in year.months],
                "一般財源": [yen_text(row.net) for row in year.months],
                "歳出累計": [yen_text(row.cumulative_gross) for row in year.months],
            },
            alt="月別の支援回数、歳出、府補助金、一般財源、歳出累計",
        )


def _funds(key: str, name: str, net: int, subsidy: int) -> list[dict[str, Any]]:
    return [
        {key: name, "財源": NET, "金額": net, "順": 0},
        {key: name, "財源": SUBSIDY, "金額": subsidy, "順": 1},
    ]


def draw_years(estimate: Estimate) -> None:
    """年度別 when the support continues."""
    sums: tuple[YearEstimate | Estimate, ...] = (*estimate.years, estimate)
    table(
        {
            "年度": [*(year.fiscal_year.full_label for year in estimate.years), "合計"],
            "歳出": [yen_text(each.gross) for each in sums],
            "府補助金": [yen_text(each.subsidy) for each in sums],
            "一般財源": [yen_text(each.net) for each in sums],
        },
        alt="年度別の歳出、府補助金、一般財源",
    )
    if len(estimate.years) == 1:
        st.caption("上の「継続年数」を2年間以上にすると、年度ごとの額がここに並びます。")
    st.caption(
        "仮定: 2年目以降も同じプラン・同じ回数。費用と補助条件は各年度に有効な登録値を使い、"
        "なければ最も新しい年度の値を当てはめる。翌年度以降の補助は公表されていない。"
    )


def draw_fits(fits: Sequence[Fit], plans: Sequence[SupportPlan]) -> None:
    """Every choice under the ceiling, best first."""
    names = {plan.number: plan.short_name for plan in plans}
    most = max(len(fit.plans) for fit in fits)
    st.markdown(f"**{len(fits)}通り**の組合せが収まります。最も多いのは**{most}プラン**です。")
    amounts = {
        "一般財源(円)": [int(fit.net) for fit in fits],
        "残り(円)": [int(fit.left) for fit in fits],
        "歳出(円)": [int(fit.gross) for fit in fits],
        "府補助金(円)": [int(fit.subsidy) for fit in fits],
    }
    list_rows(
        {
            "組合せ": ["、".join(f"{n}.{names[n]}" for n in fit.plans) for fit in fits],
            **amounts,
            "プラン数": [len(fit.plans) for fit in fits],
        },
        alt="一般財源の上限に収まるプランの組合せ。プラン数の多い順、残りの多い順",
        height=320,
        column_config=dict.fromkeys(amounts, st.column_config.NumberColumn(format="localized")),
    )


def draw_comparison(names: Sequence[str], estimates: Sequence[Estimate]) -> None:
    """Kept estimates side by side, recomputed with today's parameters."""
    rows = [
        row
        for name, estimate in zip(names, estimates, strict=True)
        for row in _funds("名前", name, int(estimate.first.net), int(estimate.first.subsidy))
    ]
    st.vega_lite_chart(
        filled(compared_cost(), rows),
        alt="保存した試算の比較。"
        + "、".join(
            f"{name}は一般財源{yen_text(estimate.first.net)}"
            for name, estimate in zip(names, estimates, strict=True)
        ),
    )
    st.caption("単位: 円。各試算の予算要求年度分。今日有効な費用・補助条件で計算し直した額。")


def draw_scenario_inputs(answer: PlansAnswer) -> None:
    """申請総額 and 不足額, with what the usual values mean."""
    with st.expander(
        "不足の前提(申請総額・不足額)を変える",
        icon=":material/tune:",
        on_change="rerun",
        key="plans.scenario",
        expanded=bool(answer.scenario_problems),
    ) as details:
        if not details.open:
            return
        st.number_input(
            "府全体の申請総額(円)",
            0,
            10**12,
            value=None,
            step=100_000,
            key="plans.demand",
            placeholder=f"{int(answer.demand):,}",
            persist_state="session",
        )
        st.caption(
            f"空欄のときは、公表された希望のべ{answer.published_wishes}プランがすべて年間上限の回数を"
            "使う場合の補助額を目安に置きます(仮定)。団体別の内訳は公表されていません。"
        )
        st.number_input(
            "予算の不足額(円)",
            0,
            10**12,
            value=None,
            step=100_000,
            key="plans.shortfall",
            placeholder=f"{int(answer.shortfall):,}",
            persist_state="session",
        )
        st.caption(
            "府の補助予算が申請総額に足りない額。予算額は未公表のため、空欄のときは申請総額の1割を"
            "例として置きます(仮定)。"
        )
