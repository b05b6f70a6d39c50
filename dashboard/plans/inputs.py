"""The inputs of プラン選択・費用試算: widgets, address, and the request they stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import streamlit as st

from core.access.principal import Principal
from core.estimate.request import MAX_YEARS, EstimateRequest, ExpenditureKind
from core.estimate.terms import expenditure_section
from core.params import RoundingScope
from core.reference.plans import SupportPlan
from core.values.fiscal import FISCAL_MONTHS, FiscalYear
from core.values.money import Direction
from core.values.written_number import YEN, read_number
from core.views.plans import PlansFrame
from dashboard.kit import address, town, written
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped
from dashboard.plans.question import (
    FEE,
    OWN_TERMS,
    PAGE,
    UNITS,
    VISITS,
    Question,
    question_of,
    read_rate,
    year_asked,
)

_EACH, _SAME, _APPLIED = "plans.each", "plans.visits", "plans.visits_applied"
_GOOD = "plans.good"


@dataclass(frozen=True)
class Asked:
    """What the inputs stand for.

    Attributes:
        question: Of the last inputs that could all be read.
        wrong: Whether something on screen cannot be read, so that the question is an old one.
    """

    question: Question
    wrong: bool


def take(frame: PlansFrame, reader: Principal) -> None:
    """Take over the inputs of a link; fill in the usual ones on a first visit."""
    state = st.session_state
    arriving = year_asked(frame, st.query_params.get("fy"))
    if address.take(question_of(frame, arriving), PAGE, reader):
        chosen = state["plans.choices"]
        state[_EACH] = {}
        for number in _ever(frame):
            state.pop(_key(number), None)
            state[f"plans.on.{number}"] = number in chosen
        _fill_in(frame, chosen)
        for key in (_GOOD, _SAME, _APPLIED):
            state.pop(key, None)
        town.arrived(reader, state["plans.town"])
    else:
        _fill_in(frame, {})
    _apply_same(frame)


def _year_chosen(frame: PlansFrame) -> int:
    """The fiscal year in its field; that of the question is an older one while something is wrong."""
    return year_asked(frame, st.session_state.get("plans.fiscal_year"))


def _plans_chosen(frame: PlansFrame) -> tuple[SupportPlan, ...]:
    return frame.plans(_year_chosen(frame))


def _ever(frame: PlansFrame) -> set[int]:
    return {plan.number for year in frame.years for plan in frame.plans(year)}


def _fill_in(frame: PlansFrame, chosen: Mapping[int, str]) -> None:
    """The visits of every plan of the year, the most there may be where nothing was said yet."""
    state = st.session_state
    for plan in _plans_chosen(frame):
        most = frame.most(plan)
        state.setdefault(f"plans.on.{plan.number}", False)
        state.setdefault(_key(plan.number), chosen.get(plan.number, str(most)))
        each = _read(state[_key(plan.number)], most)
        if plan.number not in state[_EACH] or state[_EACH][plan.number] > most:
            state[_EACH] = {**state[_EACH], plan.number: each or most}


def _apply_same(frame: PlansFrame) -> None:
    """A number typed for all plans goes into all of them."""
    state = st.session_state
    if state.get(_SAME, "") == state.get(_APPLIED, ""):
        return
    if (number := _read(state[_SAME], frame.most_visits)) is not None:
        give_all(frame, number)
        state[_APPLIED] = state[_SAME]


def give_all(frame: PlansFrame, visits: int) -> None:
    """The same visits for every plan, as far as it has so many; also a widget's callback."""
    state = st.session_state
    given = {plan.number: min(visits, frame.most(plan)) for plan in _plans_chosen(frame)}
    state[_EACH] = {**state[_EACH], **given}
    for number, each in given.items():
        state[_key(number)] = str(each)


def adopt(plans: Collection[int]) -> None:
    """Choose these plans and no others; as a widget's callback."""
    for number in st.session_state[_EACH]:
        st.session_state[f"plans.on.{number}"] = number in plans


def left_out(frame: PlansFrame, fiscal_year: int) -> list[int]:
    """Plans that are ticked but not offered in a year."""
    offered = {plan.number for plan in frame.plans(fiscal_year)}
    on = (n for n in _ever(frame) if st.session_state.get(f"plans.on.{n}"))
    return sorted(number for number in on if number not in offered)


def _key(number: int) -> str:
    return f"plans.visits.{number}"


def _read(text: str, most: int) -> int | None:
    try:
        return read_number(text, VISITS, least=1, most=most)
    except ValueError:
        return None


def asked(frame: PlansFrame, reader: Principal) -> Asked:
    """What the inputs stand for: the last that could be read, when something now cannot."""
    state = st.session_state
    chosen: dict[int, str] = {}
    for plan in _plans_chosen(frame):
        found = _read(state.get(_key(plan.number), ""), frame.most(plan))
        if found is not None:
            state[_EACH] = {**state[_EACH], plan.number: found}
        if state[f"plans.on.{plan.number}"]:
            chosen[plan.number] = "?" if found is None else str(found)
    state["plans.choices"] = chosen
    ours = town.town(reader)
    state["plans.town"] = ours.lg_code if ours else None
    kind = question_of(frame, _year_chosen(frame))
    found_now, problems = address.standing(kind, PAGE, reader)
    same_wrong = bool(state.get(_SAME)) and _read(state[_SAME], frame.most_visits) is None
    if problems or same_wrong:
        good, _ = address.parsed(kind, state.get(_GOOD, {}), reader)
        return Asked(good, wrong=True)
    state[_GOOD] = found_now.query()
    return Asked(found_now, wrong=False)


def amount_of(key: str, most: int) -> tuple[int | None, bool]:
    """An amount as it stands in its field, None for nothing; and whether it cannot be read."""
    text = st.session_state.get(key) or ""
    if not text.strip():
        return None, False
    try:
        return read_number(text, YEN, most=most), False
    except ValueError:
        return None, True


def visits_of_inputs(frame: PlansFrame, fiscal_year: int) -> tuple[tuple[int, int], ...]:
    """Visits of every plan of a year, chosen or not."""
    each = st.session_state[_EACH]
    plans = frame.plans(fiscal_year)
    return tuple((plan.number, each.get(plan.number, frame.most(plan))) for plan in plans)


def has_own_terms(request: EstimateRequest) -> bool:
    """Whether any term is the asker's own."""
    return any(getattr(request, name) is not None for name in OWN_TERMS)


def draw_frame(frame: PlansFrame, reader: Principal) -> None:
    """For whom, year, start, number of years, 節, visits: what holds for all plans."""
    kinds = _kinds(st.session_state["plans.fiscal_year"])
    _show_same(frame)
    with st.container(horizontal=True, key="plans-frame"):
        town.draw_town(PAGE, reader)
        st.selectbox(
            "年度",
            frame.years,
            key="plans.fiscal_year",
            format_func=_year_label,
            persist_state="session",
        )
        st.selectbox(
            "開始月",
            FISCAL_MONTHS,
            key="plans.start_month",
            format_func=_MONTHS.__getitem__,
            persist_state="session",
            help="支援を始める月。2年目以降は4月から。",
        )
        st.selectbox(
            "期間",
            range(1, MAX_YEARS + 1),
            key="plans.years",
            format_func=_DURATIONS.__getitem__,
            persist_state="session",
            help="2年目以降も同じプラン・同じ回数・同じ条件と仮定します。",
        )
        st.selectbox(
            "歳出の節",
            list(kinds),
            key="plans.kind",
            format_func=kinds.__getitem__,
            persist_state="session",
            help="団体が事業者と直接契約するなら委託料、共同で調達する団体へ払うなら負担金。"
            "資料では「負担金又は委託料」とされ、団体が選びます。",
        )
        with st.container(gap=None):
            written.count(
                "年間回数(全プラン)",
                key=_SAME,
                unit="回",
                placeholder="プランごと",
                persist_state="session",
                least=1,
                most=frame.most_visits,
                width="stretch",
                help=f"1プランの支援回数。年{frame.most_visits}回(月1回程度)が上限です。"
                "選んだプランの回数は、その行で変えられます。",
            )


def _show_same(frame: PlansFrame) -> None:
    """The field for all plans says what they have in common, nothing where they differ."""
    state = st.session_state
    held = state.get(_SAME, "")
    if held != state.get(_APPLIED, ""):  # cannot be read: it stays as it was typed
        return
    each = dict(visits_of_inputs(frame, _year_chosen(frame)))
    same = max(each.values())
    if any(each[p.number] != min(same, frame.most(p)) for p in _plans_chosen(frame)):
        state[_SAME] = state[_APPLIED] = ""
    elif _read(held, frame.most_visits) != same:
        state[_SAME] = state[_APPLIED] = str(same)


# Streamlit asks for the label of every option on every run.
_MONTHS = {month: f"{month}月" for month in FISCAL_MONTHS}
_DURATIONS = {1: "単年度"} | {years: f"{years}年間" for years in range(2, MAX_YEARS + 1)}


@cache
def _year_label(year: int) -> str:
    return FiscalYear(year).full_label


@cache
def _kinds(year: int) -> Mapping[str, str]:
    return {
        kind.value: "{}節 {}".format(*expenditure_section(kind, FiscalYear(year)))
        for kind in ExpenditureKind
    }


def draw_own_terms(*, subsidised: bool) -> None:
    """Terms of the asker's own: what if the fee, rate or rounding were another."""
    issued = "や、交付要綱が示されたときの影響" if subsidised else ""
    st.caption(
        f"公表されていない条件{issued}を確かめるための入力です。"
        "空欄の項目は登録されている値を使います。入力した値での希望の提出はできません。"
    )
    with st.grid("auto", min_column_width=190):
        written.amount(
            "1回あたりの費用(円)",
            key="plans.unit_price",
            persist_state="session",
            placeholder="登録値",
            least=int(FEE.minimum or 0),
            most=int(FEE.maximum or 0),
        )
        if subsidised:
            _draw_own_subsidy()
    st.button(
        "登録値に戻す", on_click=_forget_own_terms, icon=":material/undo:", key="plans.forget"
    )


def _draw_own_subsidy() -> None:
    """Rate and rounding."""
    text = st.text_input(
        "補助率",
        placeholder="例: 1/3、50%",
        key="plans.rate",
        persist_state="session",
    )
    if text.strip():
        try:
            read_rate(text)
        except ValueError as error:
            st.error(escaped(str(error)), icon=":material/error:")
    units = {unit: f"{unit:,}円未満" for unit in UNITS}
    for label, options, name in (
        ("端数処理の単位", units, "rounding_unit"),
        ("端数処理の方向", Direction, "rounding_direction"),
        ("端数処理の対象", RoundingScope, "rounding_scope"),
    ):
        choose(
            st.selectbox,
            escaped(label),
            options,
            None,
            key=f"plans.{name}",
            placeholder="登録値",
            persist_state="session",
        )


def _forget_own_terms() -> None:
    for name in OWN_TERMS:
        st.session_state[f"plans.{name}"] = "" if name in ("unit_price", "rate") else None
