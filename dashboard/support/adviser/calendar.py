"""カレンダー用アドレス of a vendor's visits: make one, see those there are, make one useless."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.calendar_tokens import make_visit_calendar_token, revoke_visit_calendar_token
from core.values.fiscal import japan_day
from core.views.assignments import visit_calendar_tokens_view
from dashboard import context
from dashboard.kit.answer import answer
from dashboard.kit.confirm import confirm
from dashboard.kit.copied import copied
from dashboard.kit.form import Fields, form_box
from dashboard.kit.rows import row
from dashboard.kit.sight import answer_mark, number
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped
from dashboard.served.calendar_feed import personal_address

_FORM, _ONCE = "adviser.calendar", "adviser.calendar.made"


def draw_calendar(principal: Principal) -> None:
    """A form for one more, then those there are."""
    st.caption(
        "自社の支援回(予定と実施)が入ります。金額と記録の内容は入りません。"
        "アドレスを知っている人は誰でも見られるので、社外に渡さないでください。"
    )
    field = Fields(f"{_FORM}.{request_id(_FORM)}")
    with form_box(_FORM):
        field("label", st.text_input, "アドレスの名前(必須)", placeholder="例: 支援チームの予定表")
        pressed = st.button("アドレスを作る", icon=":material/add_link:", key=_FORM)
    if pressed:

        def done(token: str) -> str:
            st.session_state[_ONCE] = personal_address(token)
            return ""

        make = partial(make_visit_calendar_token, label=field.values["label"])
        submit(_FORM, make, done, field.places)
    if made := st.session_state.pop(_ONCE, None):
        with answer_mark(number()):
            st.success(
                "アドレスを作りました。この表示は一度だけです。写してカレンダーに登録してください。",
                icon=":material/key:",
            )
            copied(str(made), "カレンダーのアドレス")
    for token in visit_calendar_tokens_view(context.engine(), principal):
        form = f"adviser.calendar.revoke.{token.token_id}"
        if token.revoked_at is not None:
            answer(form)
            continue
        with row(f"token-{token.token_id}"):
            st.markdown(
                f"**{escaped(token.label)}** {japan_day(token.created_at)} "
                f"{escaped(token.username)}が作成"
            )
            confirm(
                "無効にする",
                f"**{escaped(token.label)}** のアドレスを無効にします。元に戻せません。",
                partial(revoke_visit_calendar_token, token_id=token.token_id),
                key=token.created_at,
                form=form,
                done=f"「{token.label}」を無効にしました。すぐに使えなくなります。",
                go="アドレスを無効にする",
                icon="link_off",
            )
