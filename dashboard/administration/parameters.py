"""制度値: every value with its history, and a form for the next one."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core.commands.parameters import record_parameter
from core.estimate.terms import premise_text
from core.params import DEFINITIONS, Basis, Kind
from core.values.fiscal import japan_day
from core.views.administration import AdministrationAnswer
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.submit import submit


def draw_parameters(answer: AdministrationAnswer) -> None:
    """Every value with its history, and a form for the next one."""
    st.caption(
        "制度値は日付ごとに積み重ね、前の値は消しません。登録した値は、その日以降の試算・帳票のすべてに使われます。"
    )
    rows = sorted(answer.parameters, key=lambda p: (list(DEFINITIONS).index(p.name), p.valid_from))
    st.dataframe(
        pd.DataFrame(
            {
                "制度値": [DEFINITIONS[p.name].label for p in rows],
                "値": [premise_text(p.name, p.value) for p in rows],
                "適用開始": [p.valid_from.isoformat() for p in rows],
                "根拠区分": [p.basis.label for p in rows],
                "備考": [p.note for p in rows],
                "出典": [widgets.source_text(p.source) for p in rows],
                "登録": [japan_day(p.recorded_at) if p.recorded_at else "初期値" for p in rows],
            }
        ),
        hide_index=True,
        alt="制度値の一覧と履歴",
    )
    st.subheader("新しい値を登録", anchor=False)
    name = st.selectbox(
        "制度値",
        list(DEFINITIONS),
        format_func=lambda key: DEFINITIONS[key].label,
        key="administration.parameter",
    )
    definition = DEFINITIONS[name]
    st.caption(f"{definition.description} 書き方: {_HOW[definition.kind]}")
    with st.form("administration.record", clear_on_submit=False):
        left, right = st.columns(2)
        unit = f"({definition.unit})" if definition.unit else ""
        text = left.text_input(f"値{unit}", max_chars=40)
        valid_from = right.date_input(
            "適用開始日",
            context.this_fiscal_year().first_day,
            format="YYYY-MM-DD",
        )
        basis = left.selectbox(
            "根拠区分", [basis.value for basis in Basis], format_func=_basis_label
        )
        source = right.text_input("出典", placeholder="例: 令和9年2月1日付け 府通知第123号")
        note = st.text_input("備考")
        pressed = st.form_submit_button("登録する", type="primary")
    if not pressed:
        return
    submit(
        "parameter",
        partial(
            record_parameter,
            name=name,
            text=text,
            valid_from=valid_from,
            basis=Basis(str(basis)),
            source=source,
            note=note,
        ),
        f"「{definition.label}」を{valid_from.isoformat()}から有効な値として登録しました。",
    )


def _basis_label(basis: str) -> str:
    return Basis(basis).label


_HOW = {
    Kind.YEN: "整数(例: 100000)",
    Kind.COUNT: "整数(例: 12)",
    Kind.RATE: "分数・小数・%(例: 1/2)",
    Kind.DIRECTION: "down(切捨て)、up(切上げ)、half_up(四捨五入)",
    Kind.SCOPE: "total(申請の合計額)、plan(プランごと)",
}
