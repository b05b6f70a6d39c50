"""まとめて決定: every application that waits, with what each gets and the cut, before it is done."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.commands.subsidy import decide_all_applications
from core.subsidy.money import applied
from core.subsidy.step import CaseStep
from core.values.money import Yen, yen_text
from core.views.subsidy import BoardAnswer
from dashboard.kit import address
from dashboard.kit.answer import answer
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import request_id, submit
from dashboard.kit.tables import table
from dashboard.support.subsidy.step_form import draw_said

_FORM = "subsidy.decide_all"
_SEEN = "subsidy.decide_all.seen"


def draw_deciding(found: BoardAnswer) -> None:
    """What waits, what each would get, the fields and the button."""
    answer(_FORM)
    waiting = [
        row
        for row in found.rows
        if row.leads and row.case is not None and row.case.case_id in found.cuts
    ]
    if not waiting:
        return
    label = f"まとめて決定(決定を待つ申請 {len(waiting)}件)"
    with st.expander(
        label, icon=":material/fact_check:", key="subsidy.all", on_change="rerun"
    ) as b:
        if b.open:
            _draw(found)


def _draw(found: BoardAnswer) -> None:
    cases = {row.case.case_id: row for row in found.rows if row.case and row.leads}
    waiting = [(cases[key], amount) for key, amount in found.cuts.items()]
    asked = [(applied(row.case).amount or Yen(0)) if row.case else Yen(0) for row, _ in waiting]
    total, given = sum(asked, Yen(0)), sum(found.cuts.values(), Yen(0))
    table(
        {
            "団体": [*(row.name for row, _ in waiting), "合計"],
            "番号": [*(row.case.number.label if row.case else "" for row, _ in waiting), ""],
            "申請額": [*map(yen_text, asked), yen_text(total)],
            "決定額": [*(yen_text(amount) for _, amount in waiting), yen_text(given)],
            "減額": [
                *(_less(one, amount) for one, (_, amount) in zip(asked, waiting, strict=True)),
                _less(total, given),
            ],
        },
        "まとめて決定する額",
    )
    cut = given < total
    if cut:
        left = found.standing.left or Yen(0)
        st.warning(
            f"申請額の合計{yen_text(total)}が予算の残り{yen_text(max(left, Yen(0)))}を超えるため、"
            "申請額に応じて按分し、1円まで合わせています。",
            icon=":material/content_cut:",
        )
    elif found.standing.budget is None:
        st.caption("予算が不明なため、申請額のとおり決定します。")
    key = f"{_FORM}.{request_id(_FORM)}"
    field = Fields(key)
    with form_box(key):
        form = draw_said(field, CaseStep.DECIDED, None)
        shown = {
            row.case.case_id: row.case.last.event_id for row, _ in waiting if row.case is not None
        }
        seen = st.session_state.get(_SEEN, shown)
        st.session_state[_SEEN] = shown
        pressed = st.button(f"{len(waiting)}件をまとめて決定する", type="primary", key=key)
    if pressed:
        submit(
            _FORM,
            partial(
                decide_all_applications,
                programme=found.programme.key,
                fiscal_year=found.fiscal_year,
                seen=seen,
                form=form,
            ),
            _done,
            field.places,
        )


def _done(many: int) -> str:
    address.open_detail("case", "")
    return f"{many}件の交付決定を記録しました。"


def _less(asked: Yen, given: Yen) -> str:
    return "なし" if asked == given else f"△{yen_text(asked - given)}"
