"""One step of a case before it is taken: its amount with the working, day, document, reason."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.access.principal import Principal, allows
from core.commands.subsidy import record_municipal_step, record_office_step
from core.subsidy.case import DOCUMENT, REASON, Case
from core.subsidy.check import NEEDS_REASON, StepForm
from core.subsidy.money import AskedLine, applied
from core.subsidy.step import MUNICIPAL, CaseStep
from core.values.money import Yen, yen_text
from core.views.subsidy import CaseShown, Way
from dashboard import context
from dashboard.kit import written
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.typed import escaped
from dashboard.support.subsidy.cost_lines import draw_cost_lines
from dashboard.support.subsidy.wording import draw_lines, draw_working, money

_DECISIONS = (CaseStep.DECIDED, CaseStep.CHANGE_DECIDED)
_WITH_LINES = (CaseStep.APPLIED, CaseStep.CHANGE_APPLIED, CaseStep.REPORTED)


def form_of(case: Case) -> str:
    """Name of the forms of a case: one answer stands for all of them."""
    return f"subsidy.step.{case.case_id}"


def draw_step(principal: Principal, shown: CaseShown, way: Way) -> None:
    """What the step comes to, its fields and its button."""
    case, step = shown.case, way.step
    st.markdown(f"**{step.label}**")
    if way.refused:
        st.info(escaped(way.refused), icon=":material/block:")
        return
    reference = context.reference()
    if way.outcome is not None and way.outcome.amount is not None and step not in _DECISIONS:
        st.markdown(f"{escaped(_named(step))} **{escaped(money(way.outcome.amount))}**")
        draw_lines(way.outcome, shown.programme, reference, case.fiscal_year, f"{step.label}の内訳")
    if way.outcome is not None:
        draw_working(way.outcome, reference, f"{case.case_id}.{step.value}")
    form = form_of(case)
    key = f"{form}.{step.value}.{request_id(form)}"
    field = Fields(key)
    with form_box(key):
        amount = _amount(shown, way, field)
        asked: tuple[AskedLine, ...] = ()
        if step in _WITH_LINES and not shown.programme.from_contracts:
            asked = draw_cost_lines(
                f"{key}.lines", case.lg_code, case.members, shown.programme, _had(case)
            )
            field.place("lines")
        said = draw_said(field, step, case)
        seen = as_shown(f"subsidy.{case.case_id}", case.last.event_id)
        pressed = st.button(
            f"{step.label}を記録する",
            type="primary",
            key=key,
            disabled=written.wrong(f"{key}.amount"),
        )
    if pressed:
        _submit(principal, case, step, amount, asked, said, seen, field)


def draw_said(field: Fields, step: CaseStep, case: Case | None) -> StepForm:
    """Day, document and reason."""
    left, right = st.columns(2)
    today = context.today()
    day = field(
        "day",
        left.date_input,
        "日付(必須)",
        today,
        max_value=today,
        min_value=case.last.day if case else None,
        format="YYYY-MM-DD",
        at=left,
    )
    field("document", right.text_input, DOCUMENT.label, placeholder="例: 情推第12号", at=right)
    needed = step in NEEDS_REASON
    decides = "(減額するとき必須)" if step in _DECISIONS else ""
    if needed or decides:
        label = f"{REASON.label}(必須)" if needed else f"{REASON.label}{decides}"
        field("reason", st.text_area, label, height=80)
    return StepForm(
        day if hasattr(day, "year") else today,
        str(field.values.get("document") or ""),
        str(field.values.get("reason") or ""),
    )


def _amount(shown: CaseShown, way: Way, field: Fields) -> Yen | None:
    """The amount of a decision or of a claim of 概算払; None for a step that brings none."""
    case = shown.case
    if way.step in _DECISIONS:
        had = applied(case).amount or Yen(0)
        usual = way.outcome.amount if way.outcome else had
        st.caption(f"申請額 {yen_text(had)}。下げるときは理由を書きます。")
    elif way.step is CaseStep.ADVANCE_CLAIMED:
        usual = (case.decided or Yen(0)) - case.paid
        st.caption(f"交付決定額のうちまだ受けていない額は{yen_text(usual)}です。")
    else:
        return None
    found = field(
        "amount",
        written.amount,
        _named(way.step),
        value=None if usual is None else int(usual),
        required=True,
    )
    return None if found is None else Yen(found)


def _submit(
    principal: Principal,
    case: Case,
    step: CaseStep,
    amount: Yen | None,
    asked: tuple[AskedLine, ...],
    said: StepForm,
    seen: int,
    field: Fields,
) -> None:
    given: dict[str, Any] = {
        "lg_code": case.lg_code,
        "case_id": case.case_id,
        "step": step,
        "amount": amount,
        "form": said,
        "seen_event": seen,
    }
    municipal = step in MUNICIPAL
    command = (
        partial(record_municipal_step, asked=asked, **given)
        if municipal
        else partial(record_office_step, **given)
    )
    paper = (
        "(書面などで受けたものとして)" if municipal and allows(principal, "subsidy:decide") else ""
    )
    submit(
        form_of(case),
        command,
        f"{case.number.label}の「{step.label}」を{paper}記録しました。",
        field.places,
    )


def _had(case: Case) -> tuple[AskedLine, ...]:
    return tuple(
        AskedLine(line.lg_code, line.item, line.eligible, line.amount)
        for line in applied(case).lines
    )


def _named(step: CaseStep) -> str:
    return {
        CaseStep.APPLIED: "申請額",
        CaseStep.DECIDED: "決定額",
        CaseStep.CHANGE_APPLIED: "変更後の申請額",
        CaseStep.CHANGE_DECIDED: "変更後の決定額",
        CaseStep.ADVANCE_CLAIMED: "概算払の請求額",
        CaseStep.ADVANCE_PAID: "概算払の額",
        CaseStep.REPORTED: "実績による額",
        CaseStep.FINALISED: "確定額",
        CaseStep.CLAIMED: "請求額",
        CaseStep.PAID: "支払額",
        CaseStep.REPAID: "返還額",
    }.get(step, "額")
