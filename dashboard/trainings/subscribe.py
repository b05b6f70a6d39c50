"""カレンダー登録・データ: addresses other programs fetch, and the open data."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.commands.calendar_tokens import make_calendar_token, revoke_calendar_token
from core.store.calendar_tokens import CalendarToken
from core.training.vocabulary import Audience
from core.values.fiscal import japan_day
from core.views.calendar import calendar_tokens_view
from dashboard import context
from dashboard.kit import answer as said
from dashboard.kit import widgets
from dashboard.kit.choice import choose_or_all
from dashboard.kit.confirm import confirm
from dashboard.kit.copied import copied
from dashboard.kit.form import Fields, form_box
from dashboard.kit.sight import answer_mark, number
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped
from dashboard.served.calendar_feed import personal_address, public_address

_ONCE = "trainings.token"


def draw_subscribe(principal: Principal) -> None:
    """The public address, the own one for officers, open data."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("すべての研修を購読する", anchor=False)
        _draw_public()
    with right:
        st.subheader("うちの予定を購読する", anchor=False)
        if principal.role is Role.OFFICER and allows(principal, "calendar_token:manage"):
            _draw_personal(principal, str(principal.lg_code))
        else:
            widgets.empty_state(
                "市町村職員としてサインインすると、自団体の研修の申込と相談の日の"
                "カレンダー用アドレスを作れます。",
                "lock",
            )
    st.subheader("オープンデータ", anchor=False)
    st.markdown(
        f"公開可とした研修をイベント一覧の様式のCSVで、{context.names().towns}一覧・共同調達の参加団体数とともに公開しています。"
    )
    base = context.settings().base_url
    with st.container(horizontal=True):
        st.link_button("説明とファイルの一覧", f"{base}/open-data/", icon=":material/dataset:")
        st.link_button(
            "研修一覧(CSV)", f"{base}/open-data/trainings.csv", icon=":material/download:"
        )


def _draw_public() -> None:
    labels = context.reference().trainings.theme_labels
    theme = choose_or_all("テーマ", labels, "subscribe.theme")
    audience = choose_or_all("対象", Audience, "subscribe.audience")
    address = public_address(theme or None, audience or None)
    copied(address)
    st.link_button("カレンダーファイルを保存する", address, icon=":material/download:")
    with st.expander("登録のしかた", icon=":material/help:"):
        st.markdown(
            "1. 上のアドレスの「コピー」ボタンで写します。\n"
            "2. カレンダーソフトの「インターネットの予定表を追加」「URLで追加」に貼り付けます。\n"
            "3. 変更や中止は、カレンダーソフトが次に読みに来たときに反映されます。\n\n"
            "時刻が公表されていない研修は、終日の予定として入ります。"
            "インターネットにつながらない端末では、ファイルを保存して取り込めます。"
        )


def _draw_personal(principal: Principal, lg_code: str) -> None:
    st.caption(
        "自団体が申し込んだ日程、参加確定とキャンセル待ちの人数、オンラインの参加用アドレス、"
        "アドバイザー相談とヒアリングの日が入ります。題名の前に【中止】【取消し】【キャンセル待ち】と付くものは、"
        "空き時間として扱われます。氏名は入りません。"
        "アドレスを知っている人は誰でも見られるので、団体の外に渡さないでください。"
    )
    form = "subscribe.make"
    fields = Fields(f"{form}.{request_id(form)}")  # empties once it was accepted
    with form_box(form):
        label = fields(
            "label", st.text_input, "アドレスの名前(必須)", placeholder="例: DX推進課の共有予定表"
        )
        pressed = st.button("アドレスを作る", icon=":material/add_link:", key=form)
    if pressed:

        def done(token: str) -> str:
            st.session_state[_ONCE] = personal_address(token)
            return ""

        submit(
            form, partial(make_calendar_token, lg_code=lg_code, label=label), done, fields.places
        )
    if made := st.session_state.pop(_ONCE, None):
        with answer_mark(number()):
            st.success(
                "アドレスを作りました。この表示は一度だけです。写してカレンダーに登録してください。",
                icon=":material/key:",
            )
            copied(str(made), "カレンダーのアドレス")
    tokens = context.answer(calendar_tokens_view, principal, lg_code=lg_code)
    for token in tokens:
        if token.revoked_at is None:
            _draw_token(token, lg_code)
        else:
            said.answer(_revoking(token))


def _draw_token(token: CalendarToken, lg_code: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{escaped(token.label)}**  \n{japan_day(token.created_at)} "
            f"{escaped(token.username)}が作成"
        )
        confirm(
            "無効にする",
            f"**{escaped(token.label)}** のアドレスを無効にします。元に戻せません。"
            "このアドレスで登録したカレンダーは、予定を受け取れなくなります。",
            partial(revoke_calendar_token, lg_code=lg_code, token_id=token.token_id),
            key=token.created_at,
            form=_revoking(token),
            done=f"「{token.label}」を無効にしました。すぐに使えなくなります。",
            go="アドレスを無効にする",
            icon="link_off",
        )


def _revoking(token: CalendarToken) -> str:
    return f"subscribe.revoke.{token.token_id}"
