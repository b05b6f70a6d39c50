"""目標・アラートの設定: forms for the secretariat, lists for everybody who may read."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal, allows, shown_name
from core.commands.kpi import set_alert, set_target
from core.figures.alert import AlertKind, kinds
from core.figures.indicator import Indicator, Wanted
from core.figures.registry import indicators
from core.figures.target import limits
from core.values.figure import Value
from core.values.fiscal import era_date, japan_day
from core.views.kpi import KpiSettingsAnswer, figures_view
from dashboard import context
from dashboard.kit import widgets, written
from dashboard.kit.answer import answer as answer_at
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_settings(principal: Principal, answer: KpiSettingsAnswer) -> None:
    """Targets, then the forms of whoever may set them."""
    manages = allows(principal, "kpi:manage")
    if manages:
        box = request_id("kpi.alert")
        with st.expander("アラートを設定する", icon=":material/notifications:", key=box):
            _draw_alert_form(answer)
        answer_at("kpi.alert")
    st.subheader("目標", anchor=False)
    _draw_targets(answer)
    if manages:
        box = request_id("kpi.target")
        with st.expander("目標を設定する", icon=":material/flag:", key=f"kpi.setting.{box}"):
            _draw_target_form(answer)
        answer_at("kpi.target")
        if answer.targets:
            with st.expander("目標を取り消す", icon=":material/undo:", key=f"kpi.undoing.{box}"):
                _draw_take_back(answer)


def _draw_alert_form(answer: KpiSettingsAnswer) -> None:
    kind = choose(st.selectbox, "種類", kinds(context.reference().offers), key="kpi.alert.kind")
    rule = answer.rules.get(kind)
    watched = rule is not None and rule.threshold is not None
    lowest, highest = kind.limits
    field = f"kpi.alert.threshold.{kind.value}"
    threshold = written.count(
        f"しきい値({kind.unit})",
        unit=kind.unit,
        value=rule.threshold if rule and rule.threshold is not None else kind.usual,
        least=lowest,
        most=highest,
        required=True,
        key=field,
    )
    if rule is not None:
        words = f"{rule.threshold:,}{kind.unit}で監視中" if rule.threshold is not None else "停止中"
        st.caption(
            escaped(f"{words}({japan_day(rule.recorded_at)}に{shown_name(rule.recorded_by)}が設定)")
        )
    seen = as_shown(f"kpi.alert.{kind.value}", rule.row_id if rule else 0)
    with st.container(horizontal=True):
        off = threshold is None
        if (
            st.button("この条件で監視する", type="primary", key="kpi.alert.set", disabled=off)
            and threshold is not None
        ):
            _set_alert(kind, threshold, seen)
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
            "設定した人": (shown_name(target.recorded_by) for _, target in known),
        },
        "目標の一覧",
    )


def _draw_target_form(answer: KpiSettingsAnswer) -> None:
    """Nothing stands in a field that nobody typed: what is recorded was meant."""
    every = indicators(context.reference())
    # a key of its own each time: what was accepted leaves the form
    form = request_id("kpi.target")
    names = {None: "選んでください"} | {key: each.name for key, each in every.items()}
    chosen = choose(st.selectbox, "指標(必須)", names, key=f"kpi.target.key.{form}")
    if chosen is None:
        st.caption("指標を選ぶと、期限・目標値・根拠を入れられます。")
        return
    each = every[chosen]
    now = context.answer(
        figures_view, context.who(), as_of=context.today(), keys=(chosen,), today=context.today()
    )[0]
    st.markdown(
        f"いまの値 **{escaped(now.text)}**・望ましい方向 {escaped(each.wanted.label)}"
        f"・集計基準 {escaped(each.basis)}"
    )
    least, most = limits(each, len(context.reference().municipalities))
    with st.container(horizontal=True):
        day = st.date_input(
            "期限(必須)", None, min_value=context.today(), format="YYYY-MM-DD",
            key=f"kpi.target.day.{form}", width=220,
        )  # fmt: skip
        field = f"kpi.target.value.{form}.{chosen}"
        draw = written.amount if each.unit == "円" else partial(written.count, unit=each.unit)
        value = draw(f"目標値({each.unit})(必須)", key=field, least=least, most=most)
    note = st.text_input(
        "根拠(必須)",
        placeholder=f"例: 令和8年度第1回 {context.names().alliance}会議で決定",
        key=f"kpi.target.note.{form}",
    )
    _say_already(each, value, now.value)
    if st.button(
        "目標を設定",
        type="primary",
        icon=":material/flag:",
        key="kpi.target.set",
        disabled=written.wrong(field),
    ):
        if day is None or value is None:
            missing = [n for n, v in (("期限", day), ("目標値", value)) if v is None]
            st.error(escaped(f"{'と'.join(missing)}を入れてください。"), icon=":material/error:")
            return
        submit(
            "kpi.target",
            partial(
                set_target,
                indicator=chosen,
                day=day,
                value=value,
                note=note,
                seen_row=answer.last_rows.get((chosen, day), 0),
            ),
            f"「{each.name}」の目標を{each.text(value)}({era_date(day)}まで)に設定しました。",
        )


def _say_already(each: Indicator, value: int | None, now: Value) -> None:
    """A target that is met before anybody does anything is asked about, not refused."""
    if value is not None and now is not None:
        met = now <= value if each.wanted is Wanted.DOWN else now >= value
        if met:
            st.warning(
                f"いまの値 {escaped(each.text(now))} は、この目標にもう達しています。",
                icon=":material/help:",
            )


def _draw_take_back(answer: KpiSettingsAnswer) -> None:
    every = indicators(context.reference())
    known = {f"{t.indicator}:{t.day}": t for t in answer.targets if t.indicator in every}
    labels = {
        key: f"{every[target.indicator].name}・{era_date(target.day)}"
        for key, target in known.items()
    }
    chosen = choose(st.selectbox, "取り消す目標", labels, key="kpi.target.back")
    target = known[chosen]
    # another target, or what was taken back, leaves the reason
    field = f"kpi.target.why.{chosen}.{request_id('kpi.target')}"
    why = st.text_input("取り消す理由", key=field)
    confirm(
        "目標を取り消す",
        f"目標「{escaped(labels[chosen])}・{escaped(every[target.indicator].text(target.value))}」を"
        "取り消します。記録は監査のため残ります。",
        partial(
            set_target,
            indicator=target.indicator,
            day=target.day,
            value=None,
            note=why,
            seen_row=target.row_id,
        ),
        key=target.row_id,
        form="kpi.target.undo",
        done=f"目標「{labels[chosen]}」を取り消しました。",
        icon="undo",
        ready=bool(why.strip()),
    )
