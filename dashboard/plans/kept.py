"""試算の保存・比較 on プラン選択・費用試算, for the signed-in officer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.estimates import NAME, keep_estimate
from core.estimate.calculation import Estimate
from core.estimate.link import ESTIMATE_LINK
from core.estimate.wording import price_text
from core.store.estimates import KeptEstimate
from core.values.money import amount_labels, yen_text
from core.views.plans import OwnPlans, comparison_view
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.form import Place
from dashboard.kit.submit import request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

FORM, TAB = "keep", "保存した試算"
_COMPARED, _SIDE_BY_SIDE = "plans.compare", 3
_ON_SCREEN = "画面の試算"


def draw_keep(lg_code: str, estimate: Estimate, *, ready: bool) -> None:
    """A button that asks for a name and keeps this estimate under it."""
    ready = ready and bool(estimate.first.lines)
    with st.popover(
        "保存",
        icon=":material/save:",
        disabled=not ready,
        key=f"{FORM}.box.{request_id(FORM)}",  # another one closes it once it was accepted
        width="stretch",
    ):
        _draw_name(lg_code, estimate, ready=ready)


def _draw_name(lg_code: str, estimate: Estimate, *, ready: bool) -> None:
    name = written.text(
        "試算の名前",
        longest=NAME.longest,
        placeholder="例: 当初予算案 2プラン",
        key=f"plans.name.{request_id(FORM)}",  # empties once it was accepted, not before
    )
    place = Place(f"plans.name.{request_id(FORM)}", name)
    pressed = st.button(
        "この試算を保存",
        icon=":material/save:",
        type="primary",
        disabled=not ready,
        key="plans.keep",
    )
    if not pressed or name is None:
        return

    def done(kept: str) -> str:
        if _COMPARED in st.session_state:
            st.session_state[_COMPARED] = [kept, *st.session_state[_COMPARED]][:_SIDE_BY_SIDE]
        return f"試算「{name.strip()}」を保存しました。"

    submit(
        FORM,
        partial(keep_estimate, lg_code=lg_code, name=name, request=estimate.request),
        done,
        {"name": place},
        next_step=(
            "保存した試算を比べる",
            "plans",
            {**ESTIMATE_LINK.write(estimate.request), "tab": TAB},
        ),
    )


def draw_compare(principal: Principal, own: OwnPlans, estimate: Estimate) -> None:
    """What is on screen beside kept estimates, and in what they differ."""
    if not own.kept:
        widgets.empty_state("保存した試算はまだありません。", "save")
        return
    by_id = {kept.estimate_id: kept for kept in own.kept}
    chosen = st.multiselect(
        "比べる試算",
        list(by_id),
        default=None if _COMPARED in st.session_state else list(by_id)[:_SIDE_BY_SIDE],
        format_func=lambda key: by_id[key].name if key in by_id else "",
        key=_COMPARED,
        persist_state="session",
    )
    kept = [by_id[key] for key in chosen if key in by_id]
    if not kept:
        return
    found = context.answer(comparison_view, principal, requests=tuple(one.request for one in kept))
    both = [(one, each) for one, each in zip(kept, found, strict=True) if each is not None]
    if gone := [one.name for one, each in zip(kept, found, strict=True) if each is None]:
        st.warning(
            f"{escaped('、'.join(f'「{name}」' for name in gone))}は、その年度のプランか条件が変わったため"
            "計算し直せません。「わがまち」から開いて選び直してください。",
            icon=":material/warning:",
        )
    if both:
        _draw_differences(estimate, [one for one, _ in both], [each for _, each in both])


def _draw_differences(
    on_screen: Estimate, kept: Sequence[KeptEstimate], found: Sequence[Estimate]
) -> None:
    """A column an estimate; what they have in common is said once, beneath."""
    compared = list(found)
    columns = [one.name for one in kept]
    if on_screen.first.lines:
        compared.insert(0, on_screen)
        columns.insert(0, _ON_SCREEN if _ON_SCREEN not in columns else f"{_ON_SCREEN}(保存前)")
    rows: dict[str, list[str]] = {}
    alike = []
    for label, say in _asked(compared).items():
        said = [say(each) for each in compared]
        if len(set(said)) > 1:
            rows[label] = said
        else:
            alike.append(f"{label} {said[0]}")
    for label, amount in _amounts().items():
        rows[label] = [yen_text(amount(each)) for each in compared]
    if any(len(each.years) > 1 for each in compared):
        rows["全年度の一般財源"] = [yen_text(each.net) for each in compared]
    first = compared[0].first.net
    rows[f"一般財源の差({columns[0]}と)"] = [
        "－",
        *(_difference(each.first.net - first) for each in compared[1:]),
    ]
    kept_then = [None] * (len(compared) - len(kept)) + [one.net for one in kept]
    if any(then not in (None, each.net) for then, each in zip(kept_then, compared, strict=True)):
        rows["保存したときの一般財源"] = [
            "－" if then is None else yen_text(then) for then in kept_then
        ]
    each_column = zip(*rows.values(), strict=True)
    table(
        {"項目": list(rows), **dict(zip(columns, map(list, each_column), strict=True))},
        alt="保存した試算の比較。違うところと金額",
    )
    st.caption(
        f"{escaped('どれも同じ: ' + '、'.join(alike) + '。') if alike else ''}"
        f"額は予算要求年度分で、今日有効な{escaped(compared[0].first.terms.said)}で計算し直したもの。"
    )


def _amounts() -> dict[str, Callable[[Estimate], int]]:
    labels = amount_labels(context.names().subsidy)
    return {label: partial(_amount, attribute) for attribute, label in labels.items()}


def _amount(attribute: str, each: Estimate) -> int:
    return int(getattr(each.first, attribute))


def _asked(compared: Sequence[Estimate]) -> dict[str, Callable[[Estimate], str]]:
    """What was asked for, in words, by what a reader calls it."""
    plans = sorted({choice.plan for each in compared for choice in each.request.choices})
    return {
        "年度": lambda each: each.first.fiscal_year.label,
        "開始月": lambda each: f"{each.first.start_month}月",
        "期間": lambda each: "単年度" if len(each.years) == 1 else f"{len(each.years)}年間",
        "節": lambda each: "{}節 {}".format(*each.first.section),
        **{f"プラン{plan}": partial(_visits, plan) for plan in plans},
        "1回あたりの費用": lambda each: price_text(each.first),
        **({"補助率": _rate} if context.names().subsidy else {}),
    }


def _rate(each: Estimate) -> str:
    terms = each.first.terms.subsidy
    return str(terms.rate) if terms else ""


def _visits(plan: int, each: Estimate) -> str:
    return next((f"{c.visits}回" for c in each.request.choices if c.plan == plan), "なし")


def _difference(amount: int) -> str:
    if amount == 0:
        return "同じ"
    return f"{'+' if amount > 0 else '△'}{yen_text(abs(amount))}"
