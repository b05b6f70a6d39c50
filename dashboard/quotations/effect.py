"""削減額・削減時間: what a municipality saves, in yen and in hours, beside what is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.quotations import state_saved_hours, take_back_saved_hours
from core.quotation.event import REASON
from core.quotation.hours import MAX_HOURS, MEASURED, HoursEvent
from core.quotation.systems import priced_systems
from core.reference.procurements import ScaleMerit
from core.values.fiscal import FiscalYear, japan_day
from core.views.quotations import LotSaving, own_quotations_view
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.quotations.wording import yen_or_unknown

_FIRST_YEAR = 2021


def draw_effect(principal: Principal, lg_code: str) -> None:
    """Own savings and hours."""
    found = context.answer(own_quotations_view, principal, lg_code=lg_code)
    st.subheader("削減額", anchor=False)
    draw_published(found.scale_merit)
    if found.savings:
        _draw_savings(found.savings)
    else:
        widgets.empty_state(
            "単独(または標準価格)と共同の両方の額を記録すると、1年あたりの削減額が出ます。",
            "savings",
        )
    st.subheader("削減時間", anchor=False)
    st.caption(
        "システムで減った業務の時間を、年度ごとに団体の言葉で残します。"
        "事務局が見て、述べた団体の数を添えて合計します。"
    )
    _draw_hours(lg_code, found.hours)


def draw_published(merit: ScaleMerit) -> None:
    """What is published, to stand beside what is kept."""
    st.caption(
        f"公表値: {escaped(merit.text)}(出典: {escaped(widgets.source_text(merit.source))})。"
        f"{escaped(merit.single_system_note)}"
    )


def _draw_savings(savings: Sequence[LotSaving]) -> None:
    table(
        {
            "システム": (each.lot.short for each in savings),
            "共同化の前(1年あたり)": (
                yen_or_unknown(each.saving.before_yearly) for each in savings
            ),
            "もとにした額": (_before(each) for each in savings),
            "共同(1年あたり)": (yen_or_unknown(each.saving.joint_yearly) for each in savings),
            "削減額(1年あたり)": (yen_or_unknown(each.saving.yearly) for each in savings),
            "割合": (_percent(each) for each in savings),
        },
        "システムごとの削減額、税込",
    )
    st.caption(
        "総額 ÷ 契約月数 × 12 を税込にそろえて比べます(税抜の文書は10%を足します)。"
        "片方が不明なら削減額も不明で、0円ではありません。"
    )


def _before(each: LotSaving) -> str:
    price = each.saving.before and each.saving.before.price
    return price.way.label if price else ""


def _percent(each: LotSaving) -> str:
    before, by = each.saving.before_yearly, each.saving.yearly
    if by is None or not before:
        return ""
    return f"{int(by) * 1000 // int(before) / 10:.1f}%"


def _draw_hours(lg_code: str, hours: Sequence[HoursEvent]) -> None:
    labels = {
        each.key: each.short_label
        for each in context.reference().procurements.programmes
        if each.key in priced_systems(context.reference())
    }
    if hours:
        table(
            {
                "システム": (labels.get(each.programme, each.programme) for each in hours),
                "年度": (each.fiscal_year.label for each in hours),
                "削減時間": (f"{each.hours:,}時間" for each in hours),
                "測り方": (each.measured for each in hours),
                "記録した日": (japan_day(each.recorded_at) for each in hours),
            },
            "述べた削減時間、年度の新しい順",
        )
    else:
        widgets.empty_state("削減時間の記録はまだありません。", "schedule")
    _draw_stating(lg_code, hours, labels)
    for each in hours:
        _draw_taking_back(each, labels.get(each.programme, each.programme))


def _draw_stating(lg_code: str, hours: Sequence[HoursEvent], labels: dict[str, str]) -> None:
    form = f"quotation.hours.{lg_code}"
    key = request_id(form)
    field = Fields(f"{form}.{key}")
    this_year = FiscalYear.of(context.today())
    with (
        st.expander("削減時間を記録する", icon=":material/add:", key=f"{form}.box.{key}"),
        form_box(form),
    ):
        left, right = st.columns(2)
        select = partial(choose, left.selectbox)
        field("programme", select, "システム(必須)", labels, None, at=left)
        years = {year: FiscalYear(year).label for year in range(this_year, _FIRST_YEAR - 1, -1)}
        field(
            "fiscal_year", partial(choose, right.selectbox), "年度(必須)", years,
            int(this_year), at=right,
        )  # fmt: skip
        field("hours", written.count, "1年間の削減時間", unit="時間", most=MAX_HOURS)
        field("measured", written.text, "測り方(必須)", longest=MEASURED.longest, lines=True,
              placeholder="例: 申請1件15分 × 4,000件", height=80)  # fmt: skip
        field("reason", written.text, "直す理由(記録済みの年度を直すとき)",
              longest=REASON.longest)  # fmt: skip
        pressed = st.button("記録する(事務局に共有)", type="primary", key=form)
    answer(form)
    if not pressed:
        return
    values = {**field.values}
    if values["programme"] is None:
        refuse({"programme": "システムを選んでください。"}, field.places)
        return
    seen = next(
        (
            each.event_id
            for each in hours
            if (each.programme, int(each.fiscal_year))
            == (values["programme"], values["fiscal_year"])
        ),
        0,
    )
    values["measured"], values["reason"] = values["measured"] or "", values["reason"] or ""
    submit(
        form,
        partial(state_saved_hours, lg_code=lg_code, seen_event=seen, **values),
        "削減時間を記録しました。",
        field.places,
    )


def _draw_taking_back(each: HoursEvent, label: str) -> None:
    form = f"quotation.hours_back.{each.lg_code}.{each.programme}.{int(each.fiscal_year)}"
    reason = f"{form}.{each.event_id}.reason"

    def take_back(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> None:
        take_back_saved_hours(
            engine,
            principal,
            lg_code=each.lg_code,
            programme=each.programme,
            fiscal_year=int(each.fiscal_year),
            reason=st.session_state.get(reason, ""),
            seen_event=each.event_id,
            reference=context.reference(),
            request_id=request_id,
            now=now,
        )

    name = f"{label}({each.fiscal_year.label})"
    confirm(
        escaped(f"{name}の削減時間を取り消す"),
        f"**{escaped(name)}** の削減時間{each.hours:,}時間を取り消します。不明に戻ります。",
        take_back,
        key=each.event_id,
        form=form,
        done=f"{name}の削減時間を取り消しました。",
        go="取り消す",
        icon="undo",
        fields=partial(st.text_area, "取消しの理由(必須)", key=reason),
    )
