"""価格を記録する: the form, empty or with what is to be corrected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.commands.quotations import correct_quotation, record_quotation
from core.quotation.event import REASON, Quotation
from core.quotation.price import MAX_MONTHS, MAX_YEN, Document, Price, Tax, Way
from dashboard import context
from dashboard.kit import written
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import file_field
from dashboard.kit.form import Fields, form_box
from dashboard.kit.submit import refuse, request_id, submit
from dashboard.kit.typed import escaped
from dashboard.quotations.wording import SHARED, lots

_AMOUNTS = ("initial", "monthly", "total", "months")


def draw_new(lg_code: str) -> None:
    """A quotation more."""
    form = f"quotation.record.{lg_code}"
    key = request_id(form)
    with st.expander("価格を記録する", icon=":material/add:", key=f"{form}.box.{key}"):
        st.info(SHARED, icon=":material/visibility:")
        _draw(
            form,
            key,
            None,
            "記録する(事務局に共有)",
            lambda more: partial(record_quotation, lg_code=lg_code, **more),
            lambda number: f"見積No.{number}として記録し、事務局に共有しました。",
        )
    answer(form)


def draw_correction(quotation: Quotation) -> None:
    """The same with what the quotation says, and why it is corrected."""
    form = f"quotation.correct.{quotation.quotation_id}"
    seen = quotation.last.event_id
    with st.expander("訂正する・添付を足す", icon=":material/edit:", key=f"{form}.box.{seen}"):
        if quotation.agreed:
            st.warning(
                "訂正すると、公開への同意はいったん終わります。新しい額でよければ、もう一度同意してください。",
                icon=":material/info:",
            )
        _draw(
            form,
            str(seen),
            quotation.price,
            "訂正する",
            lambda more: partial(
                correct_quotation,
                lg_code=quotation.lg_code,
                quotation_id=quotation.quotation_id,
                seen_event=seen,
                **more,
            ),
            f"{quotation.label}を訂正しました。前の内容は履歴に残ります。",
            reason=True,
        )


def _draw(
    form: str,
    key: str,
    price: Price | None,
    label: str,
    command: Callable[[dict[str, Any]], Callable[..., Any]],
    done: str | Callable[[Any], str],
    *,
    reason: bool = False,
) -> None:
    field = Fields(f"{form}.{key}")
    with form_box(form):
        _draw_what(field, price)
        _draw_amounts(field, price)
        field(
            "basis",
            written.text,
            "根拠(文書の名前、含むもの・含まないもの)",
            longest=500,
            lines=True,
            value=price.basis if price else "",
            required=True,
            placeholder="例: ○○社の見積書、保守・研修を含む。端末は含まない",
            height=90,
        )
        if reason:
            field(
                "reason", written.text, "訂正の理由", longest=REASON.longest, lines=True,
                required=True, height=70,
            )  # fmt: skip
        files = file_field(f"{form}.{key}.attachments")
        field.place("attachments")
        pressed = st.button(escaped(label), type="primary", icon=":material/save:", key=form)
    if not pressed:
        return
    wrong = {
        name: "数字として読めません。直してください。"
        for name in _AMOUNTS
        if written.wrong(f"{form}.{key}.{name}")
    }
    if field.values["lot"] is None:
        wrong["lot"] = "共同調達を選んでください。"
    for name, what in (("way", "調達の方法"), ("document", "文書の種類"), ("tax", "税の別")):
        if field.values[name] is None:
            wrong[name] = f"{what}を選んでください。"
    if field.values["dated"] is None:
        wrong["dated"] = "文書の日付を入力してください。"
    if not field.values["basis"] and "basis" not in wrong:
        wrong["basis"] = "根拠を入力してください(例: ○○社の見積書、保守込み)。"
    if wrong:
        refuse(wrong, field.places)
        return
    values = dict(field.values)
    programme, lot = lots_by_label()[values.pop("lot")]
    more = {"reason": values.pop("reason") or ""} if reason else {}
    values["basis"] = values["basis"] or ""
    values["vendor"] = values["vendor"] or ""
    offered = Price(programme=programme, lot=lot, **values)
    places = {**field.places, "programme": field.places["lot"]}
    submit(form, command({"price": offered, "files": files, **more}), done, places)


def lots_by_label() -> dict[str, tuple[str, str | None]]:
    """Programme and 区分 by what the list says."""
    return {lot.label: key for key, lot in lots().items()}


def _draw_what(field: Fields, price: Price | None) -> None:
    labels = {label: label for label in lots_by_label()}
    usual = None
    if price is not None:
        found = lots().get((price.programme, price.lot))
        usual = found.label if found else None
    select = partial(choose, st.selectbox)
    field("lot", select, "共同調達(必須)", labels, usual, placeholder="選んでください")
    way, document, tax = st.columns([4, 3, 3])
    field("way", partial(choose, way.segmented_control), "調達の方法(必須)", Way,
          price.way if price else None, at=way)  # fmt: skip
    field("document", partial(choose, document.segmented_control), "文書の種類(必須)", Document,
          price.document if price else None, at=document)  # fmt: skip
    field("tax", partial(choose, tax.segmented_control), "税の別(必須)", Tax,
          price.tax if price else None, at=tax)  # fmt: skip
    st.caption(
        "「標準価格」は、共同化しない場合の定価として事業者や資料が示す額です。"
        "単独の見積がないとき、削減額の比較に使います。"
    )


def _draw_amounts(field: Fields, price: Price | None) -> None:
    st.caption("文書にないものは空欄のままにします。空欄は「不明」で、0円ではありません。")
    with st.grid("auto", min_column_width=190):
        for name, label in (("initial", "初期費用(円)"), ("monthly", "月額(円/月)")):
            with st.container():
                field(name, written.amount, label, most=MAX_YEN, value=_of(price, name))
        with st.container():
            field(
                "months", written.count, "契約月数", unit="か月", least=1, most=MAX_MONTHS,
                value=_of(price, "months"),
            )  # fmt: skip
        with st.container():
            field(
                "total", written.amount, "総額(円、総額だけわかるとき)", most=MAX_YEN,
                value=_of(price, "total"),
            )  # fmt: skip
        with st.container():
            field("first_day", st.date_input, "利用開始日", price.first_day if price else None,
                  format="YYYY-MM-DD")  # fmt: skip
        with st.container():
            field("dated", st.date_input, "文書の日付(必須)", price.dated if price else None,
                  max_value=context.today(), format="YYYY-MM-DD")  # fmt: skip
        with st.container():
            field("vendor", written.text, "事業者(任意)", longest=100,
                  value=price.vendor if price else "")  # fmt: skip


def _of(price: Price | None, name: str) -> int | None:
    return None if price is None else getattr(price, name)
