"""What 会議の準備 draws: sets of scenes, kept moments (控え), then beside now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.meetings import NAME, SECONDS, discard_meeting_set, keep_meeting_set
from core.exports.meeting import meeting_file_name, meeting_workbook
from core.figures.scenes.difference import Difference
from core.figures.scenes.registry import makers
from core.store.meetings import FrozenMoment, MeetingSet
from core.values.fiscal import JAPAN, japan_day
from core.views.meetings import USUAL_SECONDS, MeetingsAnswer, compared_view, frozen_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import address, widgets, written
from dashboard.kit.answer import NextStep
from dashboard.kit.answer import answer as answer_at
from dashboard.kit.choice import choose
from dashboard.kit.confirm import confirm
from dashboard.kit.submit import as_shown, download, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

_KEPT = "meeting.frozen"


def _titles(answer: MeetingsAnswer) -> dict[str, str]:
    own = {key: maker.title for key, maker in makers(context.reference()).items()}
    return own | {key: each.listed for key, each in answer.asked.items()}


def draw_sets(answer: MeetingsAnswer) -> None:
    """The sets there are, a way to the wall for each, and the form that keeps one."""
    navigation.link("meeting", "会議の画面を開く(最後に変更した場面構成)", "present_to_all")
    if not answer.sets:
        widgets.empty_state(
            "まだ場面構成がありません。会議の画面は、すべての場面を順に見せます。", "slideshow"
        )
    for kept in answer.sets:
        with st.container(border=True):
            _draw_set(kept, _titles(answer))
    st.subheader("場面構成を作る・変える", anchor=False)
    _draw_form(answer)


def _draw_set(kept: MeetingSet, titles: Mapping[str, str]) -> None:
    st.markdown(f"**{escaped(kept.name)}**")
    st.markdown(escaped(" → ".join(titles.get(key, key) for key in kept.scenes)))
    pace = f"{kept.seconds}秒ごとに自動で切り替え" if kept.seconds else "自動では切り替えない"
    seen = as_shown(f"meeting.{kept.set_id}", kept.row_id)
    changed = f"{japan_day(kept.recorded_at)}に{shown_name(kept.recorded_by)}が保存"
    st.caption(escaped(f"{pace}・{changed}"))
    with st.container(horizontal=True, vertical_alignment="center"):
        navigation.link("meeting", "画面を開く", "present_to_all", {"set": kept.set_id})
        confirm(
            "削除",
            f"場面構成「{escaped(kept.name)}」を一覧から外します。記録は監査のため残ります。",
            partial(discard_meeting_set, set_id=kept.set_id, seen_row=seen),
            key=kept.row_id,
            form=f"meeting.discard.{kept.set_id}",
            done=f"場面構成「{kept.name}」を削除しました。",
            go="削除する",
            icon="delete",
        )


def _draw_form(answer: MeetingsAnswer) -> None:
    kept = {s.set_id: s for s in answer.sets}
    names = {None: "新しい場面構成"} | {key: each.name for key, each in kept.items()}
    chosen = choose(st.selectbox, "対象", names, key="meeting.target", width=520)
    before = kept.get(chosen) if chosen else None
    key = chosen or f"new.{request_id('meeting.new')}"  # what was kept leaves the form
    seen = as_shown(f"meeting.form.{chosen}", before.row_id if before else 0)
    name = written.text(
        "会議の名前",
        longest=NAME.longest,
        value=before.name if before else "",
        required=True,
        key=f"meeting.name.{key}",
        placeholder=f"例: 令和8年度第3回 {context.names().alliance}会議",
        width=520,
    )
    titles = _titles(answer)
    scenes = choose(
        st.multiselect,
        "場面(選んだ順に映します)",
        titles,
        [k for k in before.scenes if k in titles]
        if before
        else [k for k in titles if k not in answer.asked],
        key=f"meeting.scenes.{key}",
        help="外してから選び直すと、最後に加わります。",
    )
    seconds = written.count(
        "自動で切り替える間隔",
        unit="秒",
        value=before.seconds if before else USUAL_SECONDS,
        most=SECONDS[1],
        required=True,
        key=f"meeting.seconds.{key}",
        help=f"{SECONDS[0]}秒から{SECONDS[1]}秒。0は自動で切り替えません。画面ではPキーで止められます。",
    )
    form = f"meeting.{chosen or 'new'}"
    off = name is None or seconds is None
    if (
        st.button("保存", icon=":material/save:", type="primary", key="meeting.keep", disabled=off)
        and name is not None
        and seconds is not None
    ):
        submit(
            form,
            partial(
                keep_meeting_set,
                set_id=chosen,
                name=name,
                scenes=tuple(scenes),
                seconds=seconds,
                seen_row=seen,
            ),
            f"場面構成「{name.strip()}」を保存しました。",
            next_step=NextStep("会議の画面を開く", "meeting"),
        )
    answer_at(form)
    with st.expander("それぞれの場面が見せるもの", icon=":material/info:"):
        st.markdown(
            "\n".join(
                f"- **{escaped(title)}** {escaped(purpose)}"
                for title, purpose in (
                    *((m.title, m.purpose) for m in makers(context.reference()).values()),
                    *((each.listed, each.purpose) for each in answer.asked.values()),
                )
            )
        )


def draw_frozen(principal: Principal, answer: MeetingsAnswer) -> None:
    """The kept moments; one of them opened, exported, and beside now."""
    if not answer.moments:
        widgets.empty_state(
            "控えはまだありません。会議の画面で「控えを取る」を押すと、そのときの数字がここに並びます。",
            "inventory_2",
        )
        return
    labels = {str(moment.freeze_id): _moment_label(moment) for moment in answer.moments}
    if widgets.take_tab(_KEPT, "moment") not in ("", *labels):
        st.warning(
            "リンクの控えはありません。最も新しい控えを示します。", icon=":material/link_off:"
        )
        del st.session_state[_KEPT]
    chosen = choose(st.selectbox, "控え", labels, key=_KEPT, persist_state="session")
    address.keep(_KEPT, {} if chosen == next(iter(labels)) else {"moment": chosen}, {"moment"})
    number = int(chosen)
    compared = context.answer(compared_view, principal, freeze_id=number, as_of=context.today())
    frozen = compared.frozen
    with st.container(horizontal=True, vertical_alignment="center"):
        query = {"freeze": chosen}
        navigation.link("meeting", "控えを画面で開く", "present_to_all", query)
        download(
            "控え(Excel)",
            partial(_frozen_file, number),
            meeting_file_name(frozen, made_up=widgets.made_up()),
            key="meeting.frozen.file",
        )
    st.caption(
        f"基準日 {frozen.moment.as_of.isoformat()}・データ改訂番号 {frozen.moment.revision}。"
        "あとから訂正しても、控えとそのExcelは変わりません。"
    )
    figures = [(scene.title, big.figure) for scene in frozen.scenes for big in scene.figures]
    table(
        {
            "場面": [title for title, _ in figures],
            "項目": [figure.label for _, figure in figures],
            "控えの数字": [figure.text for _, figure in figures],
            "実績・予定": [figure.status.label for _, figure in figures],
            "集計基準": [figure.basis for _, figure in figures],
        },
        alt="控えの数字の一覧",
    )
    st.subheader("今と比べる", anchor=False)
    if not compared.changed:
        st.success(
            f"控えのあと、{compared.as_of.isoformat()}までに記録で変わった数字はありません。",
            icon=":material/check_circle:",
        )
    else:
        st.markdown(
            f"控えのあとの記録・訂正で**{len(compared.changed)}か所**が変わりました"
            f"({compared.as_of.isoformat()}時点)。"
        )
        _draw_differences(compared.changed, "記録・訂正で変わったもの")
    if compared.moved_on:
        with st.expander(
            f"日が進んだだけで変わったもの({len(compared.moved_on)}か所、記録は同じ)",
            icon=":material/event:",
        ):
            _draw_differences(compared.moved_on, "日が進んだだけで変わったもの")


def _draw_differences(found: Sequence[Difference], alt: str) -> None:
    table(
        {
            "場面": [each.scene for each in found],
            "項目": [each.what for each in found],
            "控え": [each.then for each in found],
            "今": [each.now for each in found],
            "差": [each.change_text for each in found],
        },
        alt=alt,
    )


def _frozen_file(freeze_id: int, who: Principal) -> bytes:
    frozen = frozen_view(context.engine(), who, freeze_id=freeze_id)
    return meeting_workbook(frozen, reference=context.reference(), made_up=widgets.made_up())


def _moment_label(moment: FrozenMoment) -> str:
    at = moment.frozen_at.astimezone(JAPAN)
    return f"{at:%Y-%m-%d %H:%M:%S} {moment.name}(番号{moment.freeze_id})"
