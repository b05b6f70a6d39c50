"""制度値: every value with its history, and a form for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from core.commands.parameters import record_parameter, withdraw_parameter
from core.estimate.terms import premise_text
from core.params import (
    DEFINITIONS,
    Basis,
    Definition,
    Kind,
    Parameter,
    definitions,
    standing,
)
from core.values.fiscal import FiscalYear, budget_request_year, era_date, japan_day
from core.views.administration import AdministrationAnswer
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_parameters(found: AdministrationAnswer) -> None:
    """Every value with its history, a form for the next one, and one to take a wrong one back."""
    st.caption(
        "制度値は日付ごとに積み重ね、前の値は消しません。登録した値は、その日以降の試算・帳票のすべてに使われます。"
    )
    usable = definitions(context.reference().offers)
    rows = sorted(
        (each for each in found.parameters if each.name in usable),
        key=lambda p: (list(usable).index(p.name), p.valid_from),
    )
    table(
        {
            "制度値": (DEFINITIONS[p.name].label for p in rows),
            "値": (premise_text(p.name, p.value) for p in rows),
            "適用開始": (p.valid_from.isoformat() for p in rows),
            "区分": ("取下げ" if p.withdrawn else p.basis.label for p in rows),
            "登録": (japan_day(p.recorded_at) if p.recorded_at else "初期値" for p in rows),
            "備考・出典": map(_grounds, rows),
        },
        "制度値の一覧と履歴",
    )
    labels = {key: each.label for key, each in usable.items()}
    name = choose(st.selectbox, "制度値", labels, key="administration.parameter")
    _draw_record(DEFINITIONS[name])
    _draw_withdraw(DEFINITIONS[name], found.parameters)


def _grounds(parameter: Parameter) -> str:
    return f"{parameter.note}〔出典: {widgets.source_text(parameter.source)}〕"


def _draw_record(definition: Definition) -> None:
    st.subheader("新しい値を登録", anchor=False)
    st.caption(escaped(f"{definition.description} 書き方: {_HOW[definition.kind]}"))
    asked = budget_request_year(context.today())
    years = range(asked - 3, asked + 4)
    year = choose(
        st.selectbox,
        "年度",
        {each: FiscalYear(each).full_label for each in years},
        asked,
        key="administration.year",
        help="この年度の初日から有効な値として登録します。",
    )
    first = FiscalYear(year).first_day
    form = f"parameter.{definition.name}"
    field = Fields(f"{form}.{request_id(form)}")  # empties once it was accepted, not before
    with form_box(form):
        left, right = st.columns(2)
        unit = f"({escaped(definition.unit)})" if definition.unit else ""
        field("value", left.text_input, f"値{unit}", at=left)
        if definition.annual:
            right.markdown(f"{FiscalYear(year).full_label}だけの値として登録します。")
        else:
            field.values["valid_from"] = right.date_input(
                "適用開始日",
                first,
                min_value=first,
                max_value=FiscalYear(year).last_day,
                format="YYYY-MM-DD",
                key=f"administration.from.{year}.{request_id(form)}",
            )
            field.place("valid_from", right)
        field("basis", choose, left.selectbox, "根拠区分", Basis, at=left)
        example = f"例: 令和9年2月1日付け {context.names().kind}通知第123号"
        field("source", right.text_input, "出典(必須)", at=right, placeholder=example)
        field("note", st.text_input, "備考")
        pressed = st.button("登録する", type="primary", key=form)
    answer(form)
    if pressed:
        typed = field.values
        submit(
            form,
            partial(
                record_parameter,
                name=definition.name,
                text=typed["value"],
                valid_from=typed.get("valid_from", first),
                basis=typed["basis"],
                source=typed["source"],
                note=typed["note"],
            ),
            lambda serves: f"「{definition.label}」を登録しました。{serves}",
            field.places,
        )


def _draw_withdraw(definition: Definition, parameters: Sequence[Parameter]) -> None:
    stands = standing(parameters, definition.name)
    said = sum(each.name == definition.name for each in parameters)
    seen = as_shown(f"parameter.{definition.name}", said)
    st.subheader("誤って登録した値を取り下げる", anchor=False)
    if not stands:
        widgets.empty_state(f"「{definition.label}」には、取り下げられる値がありません。")
        return
    st.caption("取り下げても記録は残ります。同じ日から有効だった前の値があれば、それに戻ります。")
    form = f"parameter.withdrawn.{definition.name}"
    field = Fields(f"{form}.{request_id(form)}")
    with form_box(form):
        labels = {day.isoformat(): _told(stands[day]) for day in sorted(stands, reverse=True)}
        field("valid_from", choose, st.selectbox, "取り下げる値", labels)
        field("reason", st.text_input, "取り下げる理由(必須)", placeholder="例: 桁の誤り")
        pressed = st.button("取り下げる", key=form)
    answer(form)
    if pressed:
        found = stands[date.fromisoformat(str(field.values["valid_from"]))]
        submit(
            form,
            partial(
                withdraw_parameter,
                name=definition.name,
                valid_from=found.valid_from,
                seen=seen,
                reason=field.values["reason"],
            ),
            lambda serves: f"「{definition.label}」の値({_told(found)})を取り下げました。{serves}",
            field.places,
        )


def _told(parameter: Parameter) -> str:
    return f"{premise_text(parameter.name, parameter.value)}({era_date(parameter.valid_from)}から)"


_HOW = {
    Kind.YEN: "整数(例: 100000)",
    Kind.COUNT: "整数(例: 12)",
    Kind.FISCAL_YEAR: "年度(例: 令和11年度、2029)",
    Kind.RATE: "分数・小数・%(例: 1/2)",
    Kind.DIRECTION: "down(切捨て)、up(切上げ)、half_up(四捨五入)",
    Kind.SCOPE: "total(申請の合計額)、plan(プランごと)",
}
