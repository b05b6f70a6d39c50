"""目標・アラートの設定: forms for the secretariat, lists for everybody who may read."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.access.principal import Principal, allows
from core.commands.kpi import set_alert, set_target
from core.figures.alert import AlertKind
from core.figures.registry import indicators
from core.figures.target import LARGEST, NOTE
from core.values.fiscal import era_date, japan_day
from core.views.kpi import KpiSettingsAnswer
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_settings(principal: Principal, answer: KpiSettingsAnswer, as_of: date) -> None:
    """Targets, then the forms of whoever may set them."""
    manages = allows(principal, "kpi:manage")
    if manages:
        box = request_id("kpi.alert")
        with st.expander("アラートを設定する", icon=":material/notifications:", key=box):
            _draw_alert_form(answer)
    st.subheader("目標", anchor=False)
    _draw_targets(answer)
    if manages:
        box = request_id("kpi.target")
        with st.expander("目標を設定する", icon=":material/flag:", key=f"kpi.setting.{box}"):
            _draw_target_form(answer, as_of)
        if answer.targets:
            with st.expander("目標を取り消す", icon=":material/undo:", key=f"kpi.undoing.{box}"):
                _draw_take_back(answer)


def _draw_alert_form(answer: KpiSettingsAnswer) -> None:
    kind = choose(st.selectbox, "種類", AlertKind, key="kpi.alert.kind")
    rule = answer.rules.get(kind)
    watched = rule is not None and rule.threshold is not None
    lowest, highest = kind.limits
    threshold = st.number_input(
        f"しきい値({escaped(kind.unit)})",
        lowest,
        highest,
        rule.threshold if rule and rule.threshold is not None else kind.usual,
        key=f"kpi.alert.threshold.{kind.value}",
    )
    if rule is not None:
        words = f"{rule.threshold:,}{kind.unit}で監視中" if rule.threshold is not None else "停止中"
        st.caption(escaped(f"{words}({japan_day(rule.recorded_at)}に{rule.recorded_by}が設定)"))
    seen = as_shown(f"kpi.alert.{kind.value}", rule.row_id if rule else 0)
    with st.container(horizontal=True):
        if st.button("この条件で監視する", type="primary", key="kpi.alert.set"):
            _set_alert(kind, int(threshold), seen)
        if watched and st.button("監視をやめる", key="kpi.alert.stop"):
            _set_alert(kind, None, seen)


def _set_alert(kind: AlertKind, threshold: int | None, seen: int) -> None:
    submit(
        "kpi.alert",
        partial(set_alert, kind=kind, threshold=threshold, seen_row=seen),
        "アラートの監視をやめました。" if threshold is None else "アラートを設定しました。",
    )


def _draw_targets(answer: KpiSettingsAnswer) -> None:
    every = indicators(context.reference())
    known = [
        (every[target.indicator], target) for target in answer.targets if target.indicator in every
    ]
    if not known:
        widgets.empty_state("目標はまだ設定されていません。", "flag")
        return
    table(
        {
            "指標": (indicator.name for indicator, _ in known),
            "期限": (era_date(target.day) for _, target in known),
            "目標": (indicator.text(target.value) for indicator, target in known),
            "根拠": (target.note for _, target in known),
            "設定した人": (target.recorded_by for _, target in known),
        },
        "目標の一覧",
    )


def _draw_target_form(answer: KpiSettingsAnswer, as_of: date) -> None:
    every = indicators(context.reference())
    # a key of its own each time: what was accepted leaves the form
    form = request_id("kpi.target")
    names = {key: each.name for key, each in every.items()}
    chosen = choose(st.selectbox, "指標", names, key=f"kpi.target.key.{form}")
    day = st.date_input("期限", as_of, format="YYYY-MM-DD", key=f"kpi.target.day.{form}")
    value = st.number_input(
        f"目標値({escaped(every[chosen].unit)})",
        -LARGEST,
        LARGEST,
        0,
        key=f"kpi.target.value.{form}",
    )
    note = st.text_input(
        "根拠",
        max_chars=NOTE.longest,
        placeholder="例: 令和8年度第1回 GovTech大阪会議で決定",
        key=f"kpi.target.note.{form}",
    )
    if st.button("目標を設定", type="primary", icon=":material/flag:", key="kpi.target.set"):
        submit(
            "kpi.target",
            partial(
                set_target,
                indicator=chosen,
                day=day,
                value=int(value),
                note=note,
                seen_row=answer.last_rows.get((chosen, day), 0),
            ),
            "目標を設定しました。",
        )


def _draw_take_back(answer: KpiSettingsAnswer) -> None:
    every = indicators(context.reference())
    known = {f"{t.indicator}:{t.day}": t for t in answer.targets if t.indicator in every}
    labels = {
        key: f"{every[target.indicator].name}・{era_date(target.day)}"
        for key, target in known.items()
    }
    chosen = choose(st.selectbox, "取り消す目標", labels, key="kpi.target.back")
    # another target, or what was taken back, leaves the reason
    form = f"kpi.target.why.{chosen}.{request_id('kpi.target')}"
    why = st.text_input("取り消す理由", max_chars=NOTE.longest, key=form)
    if st.button("目標を取り消す", icon=":material/undo:", key="kpi.target.undo"):
        target = known[chosen]
        submit(
            "kpi.target",
            partial(
                set_target,
                indicator=target.indicator,
                day=target.day,
                value=None,
                note=why,
                seen_row=target.row_id,
            ),
            "目標を取り消しました。",
        )
