"""予算要求の様式: sent once, then filled in by プラン選択 and 後乗り."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.request_forms import discard_request_form, keep_request_form
from core.consultation.attachment import OfferedFile
from core.estimate.request_form import MAX_FORM, FormField, mark_name, missing_fields
from core.store.request_forms import KeptForm
from core.values.fiscal import japan_day
from core.views.request_forms import request_form_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.answer import answer
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Place
from dashboard.kit.rows import row
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped

FORM = "request_form.keep"


def draw_request_form(principal: Principal, lg_code: str) -> None:
    """The form in use with its places, a field for another, and what can be put in."""
    form = context.answer(request_form_view, principal, lg_code=lg_code)
    names = context.names()
    st.caption(
        "財政課の予算要求書などの様式(.xlsx)を一度登録すると、試算の画面から、"
        "額と文を入れた様式を受け取れます。入れたいセルに {{要求額}} のように書くか、"
        "セルに「要求額」という名前を付けてください。それ以外のところは変えません。"
    )
    if form is not None:
        _draw_kept(form, lg_code)
    _draw_field(lg_code, form)
    means = {field: said for field in FormField if (said := _meaning(field))}
    with st.expander("様式に書ける項目", icon=":material/list:"):
        table(
            {
                "セルに書く": [f"{{{{{_mark(field)}}}}}" for field in means],
                "入るもの": [
                    words.format(grants=names.grants, kind=names.kind) for words in means.values()
                ],
            },
            "様式に書ける項目と、入るもの",
        )


def _mark(field: FormField) -> str:
    return mark_name(field, context.names().grants)


def _meaning(field: FormField) -> str:
    """What goes into a place; without plans what boarding alone says of it, empty for nothing."""
    if navigation.is_there("plans") and not context.names().subsidy and field in _UNPAID:
        return _UNPAID[field]
    if navigation.is_there("plans"):
        return _MEANS[field]
    said, _, boarding = _MEANS[field].partition("。後乗りでは")
    return "" if boarding == "空欄" else boarding or said


def _draw_kept(form: KeptForm, lg_code: str) -> None:
    with row("request-form"):
        st.markdown(f"**{escaped(form.name)}** を使用中")
        missing = "、".join(
            _mark(field) for field in missing_fields(form.places) if _meaning(field)
        )
        st.caption(
            escaped(
                f"{len(form.places)}か所に入ります({japan_day(form.recorded_at)} {shown_name(form.recorded_by)})。"
                + (f"様式に場所のない項目: {missing}。" if missing else "")
            )
        )
        for finding in form.findings:
            st.warning(f"この様式には、{finding.label}。", icon=":material/warning:")
        with st.expander("入る場所", icon=":material/grid_on:"):
            table(
                {
                    "シート": [place.sheet for place in form.places],
                    "セル": [place.cell for place in form.places],
                    "項目": ["、".join(map(_mark, place.fields)) for place in form.places],
                },
                "様式の、入る場所と項目",
            )
        with st.container(horizontal=True, vertical_alignment="center"):
            navigation.link("plans", "プランを選んで様式に入れる", "calculate")
            confirm(
                "様式を使うのをやめる",
                f"「{escaped(form.name)}」には入れられなくなります。記録は監査のため残ります。"
                "また使うときは、もう一度登録してください。",
                partial(
                    discard_request_form,
                    lg_code=lg_code,
                    seen_form=as_shown("request_form", form.form_id),
                ),
                key=form.form_id,
                form="request_form.discard",
                done=f"「{form.name}」を使うのをやめました。",
                icon="delete",
            )


def _draw_field(lg_code: str, form: KeptForm | None) -> None:
    chosen = choose_file(
        "別の様式に差し替える(.xlsx)" if form else "様式(.xlsx)",
        type=["xlsx"],
        max_upload_size=MAX_FORM // 1024 // 1024,
        key=f"request_form.file.{request_id(FORM)}",
    )
    place = Place("request_form.file", chosen.name if chosen else "")
    if st.button(
        "この様式に差し替える" if form else "この様式を登録する",
        type="primary",
        disabled=chosen is None,
        key="request_form.send",
        icon=":material/upload_file:",
    ):
        submit(
            FORM,
            partial(
                keep_request_form,
                lg_code=lg_code,
                file=OfferedFile(chosen.name, chosen.getvalue()),
            ),
            partial(_kept_words, chosen.name),
            places={"file": place},
            next_step=("プランを選んで様式に入れる", "plans", {}),
        )
    answer(FORM)


def _kept_words(name: str, notes: tuple[str, ...]) -> str:
    return "".join([f"「{name}」を登録しました。試算の画面から、額を入れて受け取れます。", *notes])


_MEANS = {
    FormField.FISCAL_YEAR: "令和9年度",
    FormField.MUNICIPALITY: "団体の名前",
    FormField.MADE_ON: "作成した日",
    FormField.TITLE: "事業の名前",
    FormField.GROUNDS: "出典と公表された条件",
    FormField.OUTLINE: "事業の説明と、この年度に要求する内容",
    FormField.CONTENT: "支援プランと回数。後乗りでは利用の期間",
    FormField.SECTION: "節の番号と名前",
    FormField.GROSS: "歳出(円)",
    FormField.SUBSIDY: "{grants}(円)。後乗りでは0",
    FormField.NET: "一般財源(円)",
    FormField.GROSS_THOUSAND: "歳出(千円、切上げ)",
    FormField.SUBSIDY_THOUSAND: "{grants}(千円、切捨て)",
    FormField.NET_THOUSAND: "一般財源(千円、差)",
    FormField.UNIT_PRICE: "支援1回の費用(円)。後乗りでは空欄",
    FormField.VISITS: "支援回数の合計。後乗りでは空欄",
    FormField.RATE: "{kind}の補助率。後乗りでは空欄",
    FormField.WORKING: "計算の過程",
    FormField.LATER: "翌年度以降の額",
    FormField.CAVEATS: "準用・仮定など、額の前提",
    FormField.LINK: "同じ試算を開くアドレス",
}
_UNPAID = {
    FormField.SUBSIDY: "支援プランでは空欄。後乗りでは0",
    FormField.SUBSIDY_THOUSAND: "支援プランでは空欄。後乗りでは0",
    FormField.RATE: "",
}
"""What is said where the prefecture pays no subsidy for support plans."""
