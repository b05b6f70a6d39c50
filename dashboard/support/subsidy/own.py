"""A municipality's subsidies: what is next first, then each case, then what may be applied for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.subsidy import apply_for_subsidy
from core.subsidy.case import TITLE
from core.subsidy.money import AskedLine
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseStep
from core.values.fiscal import FiscalYear
from core.views.subsidy import CaseShown, OwnSubsidyAnswer, Way, own_subsidy_view
from dashboard import context
from dashboard.kit import address
from dashboard.kit.answer import answer as said
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, form_box
from dashboard.kit.sight import nothing_opened, opened_mark
from dashboard.kit.submit import request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped, paragraphs
from dashboard.kit.widgets import empty_state
from dashboard.support.subsidy.case import draw_case
from dashboard.support.subsidy.cost_lines import draw_cost_lines
from dashboard.support.subsidy.question import choose_year
from dashboard.support.subsidy.step_form import draw_said
from dashboard.support.subsidy.wording import (
    CASE,
    draw_lines,
    draw_working,
    due_line,
    money,
    terms_line,
)

_APPLY = "subsidy.apply"


def draw_own(principal: Principal) -> None:
    """The year, what is awaited, the cases and a new application."""
    lg_code = principal.lg_code or ""
    draw_for(principal, lg_code, choose_year(principal))


def draw_for(principal: Principal, lg_code: str, year: FiscalYear) -> None:
    """Everything of one municipality; the secretariat records for it what came on paper."""
    found = context.answer(
        own_subsidy_view, principal, lg_code=lg_code, fiscal_year=year, as_of=context.today()
    )
    for key, due in found.awaited.items():
        name = escaped(found.programmes[key].name)
        st.info(
            f"{name}  \n{due_line(due, due.late_days(context.today()))}", icon=":material/event:"
        )
    said(_APPLY)
    _draw_cases(principal, found.cases)
    draw_begin(lg_code, found)


def _draw_cases(principal: Principal, cases: Sequence[CaseShown]) -> None:
    st.subheader("手続", anchor=False)
    if not cases:
        empty_state("この年度の補助金の手続はまだありません。下の「新しく申請する」から始めます。")
        nothing_opened()
        return
    number = address.opened(CASE)
    opened = next((c for c in cases if c.case.number.label == number), None)
    if number and opened is None:
        st.warning(
            f"リンクの手続「{escaped(number)}」はこの年度にありません。番号と年度を確かめてください。",
            icon=":material/link_off:",
        )
    if opened is None and len(cases) == 1:
        opened = cases[0]
    if len(cases) > 1:
        today = context.today()
        table(
            {
                "手続": [c.case.number.label for c in cases],
                "補助事業": [c.programme.name for c in cases],
                "事業の名称": [c.case.title for c in cases],
                "状態": [c.case.state.label for c in cases],
                "次": [f"{c.due.turn.label}: {c.due.text}" for c in cases],
                "遅れ": [f"{n}日" if (n := c.due.late_days(today)) else "—" for c in cases],
                "決定額": [money(c.case.decided) for c in cases],
                "支払済": [money(c.case.paid) for c in cases],
            },
            "補助金の手続。番号を押すと開きます",
            key="subsidy.own.cases",
            on_pick=lambda place: address.open_detail(CASE, cases[place].case.number.label),
            chosen=cases.index(opened) if opened else None,
        )
    if opened is None:
        nothing_opened()
        return
    mark = f"subsidy.{opened.case.case_id}"
    with opened_mark(mark) if number else st.container():
        draw_case(principal, opened)


def draw_begin(lg_code: str, found: OwnSubsidyAnswer, usual: str = "") -> None:
    """A new application: the programme, its terms, what it would come to, the form.

    Args:
        usual: Key of the programme chosen at first; the first there is when empty.
    """
    st.subheader("新しく申請する", anchor=False)
    if not found.begin:
        empty_state(
            f"{found.fiscal_year.label}に新しく申請できる補助事業はありません。", "check_circle"
        )
        return
    key = "subsidy.begin"
    names = {each: found.programmes[each].name for each in found.begin}
    first = usual if usual in names else next(iter(names))
    chosen = choose(st.selectbox, "補助事業", names, first, key=f"{key}.{lg_code}")
    programme = found.programmes[str(chosen)]
    way = found.begin[programme.key]
    st.caption(escaped(terms_line(programme)))
    if programme.criteria:
        st.markdown("審査の観点: " + escaped("、".join(programme.criteria)))
    if programme.note:
        st.caption(paragraphs(programme.note))
    if way.refused:
        st.info(escaped(way.refused), icon=":material/block:")
        return
    if st.toggle("申請の内容を開く", key=f"subsidy.begin.open.{programme.key}"):
        _draw_form(lg_code, found, programme, way)


def _draw_form(lg_code: str, found: OwnSubsidyAnswer, programme: GrantProgramme, way: Way) -> None:
    reference = context.reference()
    if way.outcome is not None:
        st.markdown(f"申請額 **{escaped(money(way.outcome.amount))}**")
        draw_lines(way.outcome, programme, reference, found.fiscal_year, "申請額の内訳")
        draw_working(way.outcome, reference, f"new.{programme.key}")
        st.caption("経費は、契約したプランは契約額、契約前のプランは議決した希望の額です。")
    key = f"{_APPLY}.{programme.key}.{request_id(_APPLY)}"
    field = Fields(key)
    with form_box(key):
        usual = programme.name if programme.from_contracts else ""
        field("title", st.text_input, f"{TITLE.label}(必須)", usual)
        asked: tuple[AskedLine, ...] = ()
        if not programme.from_contracts:
            asked = draw_cost_lines(f"{key}.lines", lg_code, (), programme)
            field.place("lines")
        form = draw_said(field, CaseStep.APPLIED, None)
        pressed = st.button("交付申請を記録する", type="primary", icon=":material/send:", key=key)
    if pressed:
        submit(
            _APPLY,
            partial(
                apply_for_subsidy,
                lg_code=lg_code,
                fiscal_year=found.fiscal_year,
                programme=programme.key,
                title=str(field.values["title"] or ""),
                asked=asked,
                form=form,
            ),
            "交付申請を記録しました。事務局の決定を待ちます。",
            field.places,
        )
