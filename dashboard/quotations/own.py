"""自団体の価格: what we keep, who sees it, correcting and taking back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal, allows, shown_name
from core.commands.quotations import decide_quotation_consent, withdraw_quotation
from core.quotation.event import KeptFile, Quotation
from core.quotation.price import Price
from core.values.fiscal import japan_day
from core.views.quotations import own_quotations_view
from dashboard import context
from dashboard.kit import answer as said
from dashboard.kit import widgets
from dashboard.kit.chosen_file import size_text
from dashboard.kit.confirm import confirm
from dashboard.kit.tables import Struck, table
from dashboard.kit.typed import escaped, paragraphs
from dashboard.quotations.price_form import draw_correction, draw_new
from dashboard.quotations.wording import amounts, headed, lot_name, yen_or_unknown


def draw_own(principal: Principal, lg_code: str) -> None:
    """The prices of one municipality and what can be done with them."""
    found = context.answer(own_quotations_view, principal, lg_code=lg_code)
    draw_new(lg_code)
    held = [(each, each.price) for each in found.quotations if each.price is not None]
    if not held:
        widgets.empty_state(
            "価格の記録はまだありません。「価格を記録する」から、見積書や契約書の額を残せます。",
            "request_quote",
        )
    else:
        _draw_table(held)
    for quotation, price in held:
        with st.expander(
            escaped(headed(quotation, price)),
            icon=":material/visibility:" if quotation.agreed else ":material/lock:",
            key=f"quotation.{quotation.quotation_id}",
        ):
            _draw_one(principal, quotation, price)
        said.answer(f"quotation.correct.{quotation.quotation_id}")
    _draw_withdrawn([each for each in found.quotations if each.price is None])


def _draw_table(held: Sequence[tuple[Quotation, Price]]) -> None:
    table(
        {
            "番号": (each.label for each, _ in held),
            "システム": (lot_name(price) for _, price in held),
            "方法": (price.way.label for _, price in held),
            "文書": (price.document.label for _, price in held),
            "初期費用": (yen_or_unknown(price.initial) for _, price in held),
            "月額": (yen_or_unknown(price.monthly) for _, price in held),
            "税": (price.tax.label for _, price in held),
            "1年あたり(税込)": (yen_or_unknown(price.yearly) for _, price in held),
            "見える人": (_seen_by(each) for each, _ in held),
        },
        "記録した見積・契約額の一覧、新しい順",
    )


def _seen_by(quotation: Quotation) -> str:
    return "全団体(名前と額)" if quotation.agreed else "自団体と事務局"


def _draw_one(principal: Principal, quotation: Quotation, price: Price) -> None:
    table(
        {
            "項目": (label for label, _ in amounts(price)),
            "内容": (text for _, text in amounts(price)),
        },
        f"{quotation.label}の内容",
    )
    st.markdown(f"**根拠**\n\n{paragraphs(price.basis)}")
    draw_files(quotation.lg_code, quotation.files)
    first, last = quotation.events[0], quotation.last
    st.caption(
        escaped(
            f"{japan_day(first.recorded_at)}に{shown_name(first.recorded_by)}が記録。"
            + (
                f"{japan_day(last.recorded_at)}に{shown_name(last.recorded_by)}が訂正"
                f"(理由: {last.reason})。"
                if last is not first
                else ""
            )
        )
    )
    if allows(principal, "quotation:consent", quotation.lg_code):
        _draw_consent(quotation, price)
    elif quotation.agreed:
        st.caption("この団体は、名前と額をほかの団体に見せることに同意しています。")
    draw_correction(quotation)
    _draw_withdrawing(quotation, price)


def draw_files(lg_code: str, files: Sequence[KeptFile]) -> None:
    """The files of a quotation; what is in one that may act is said before it opens."""
    if not files:
        st.caption("添付はありません。")
        return
    with st.container(horizontal=True):
        for file in files:
            label = f"{escaped(file.name)}({size_text(file.size)})"
            opened = f"/attachments/quotations/{lg_code}/{file.file_id}"
            if not file.findings:
                st.link_button(label, opened, icon=":material/attach_file:")
                continue
            found = "。".join(each.label for each in file.findings)
            key = f"quotation.file.{file.file_id}"
            with st.popover(label, icon=":material/warning:", key=key):
                st.warning(
                    f"{found}。送り主に確かめてから開いてください。", icon=":material/warning:"
                )
                st.link_button("確かめたので開く", opened, icon=":material/download:")


def _draw_consent(quotation: Quotation, price: Price) -> None:
    form = f"quotation.consent.{quotation.quotation_id}"
    decide = partial(
        decide_quotation_consent,
        lg_code=quotation.lg_code,
        quotation_id=quotation.quotation_id,
        seen_event=quotation.last.event_id,
    )
    towns = context.names().towns
    if quotation.lapsed:
        st.caption("前の額には公開に同意していました。訂正したため、いまは公開されていません。")
    name = escaped(headed(quotation, price))
    key = f"{quotation.last.event_id}.{len(quotation.consents)}"
    if quotation.agreed:
        confirm(
            "公開をやめる",
            f"**{name}** を、ほかの{towns}に見せるのをやめます。すぐに見えなくなります。",
            partial(decide, agreed=False),
            key=key,
            form=form,
            done=f"{quotation.label}の公開をやめました。",
            go="公開をやめる",
            icon="visibility_off",
        )
        return
    confirm(
        "名前と額を公開する",
        f"**{name}** の団体名、額、契約月数、文書の日付を、ほかの{towns}の職員が見られるようにします。"
        "添付、事業者、根拠は見えません。いつでもやめられますが、見た人の記憶や控えは消せません。",
        partial(decide, agreed=True),
        key=key,
        form=form,
        done=f"{quotation.label}を、名前と額を添えてほかの{towns}に公開しました。",
        go="公開に同意する",
        icon="visibility",
        danger=False,
    )


def _draw_withdrawing(quotation: Quotation, price: Price) -> None:
    form = f"quotation.withdraw.{quotation.quotation_id}"
    seen = quotation.last.event_id
    reason = f"{form}.{seen}.reason"

    def withdraw(engine: Engine, principal: Principal, *, request_id: str, now: datetime) -> None:
        withdraw_quotation(
            engine,
            principal,
            lg_code=quotation.lg_code,
            quotation_id=quotation.quotation_id,
            reason=st.session_state.get(reason, ""),
            seen_event=seen,
            request_id=request_id,
            now=now,
        )

    confirm(
        "取り下げる",
        f"**{escaped(headed(quotation, price))}** を取り下げます。元に戻せません。集計からも外れます。",
        withdraw,
        key=seen,
        form=form,
        done=f"{quotation.label}を取り下げました。",
        go="取り下げる",
        icon="delete",
        fields=partial(st.text_area, "取下げの理由(必須)", key=reason),
    )


def _draw_withdrawn(withdrawn: Sequence[Quotation]) -> None:
    for each in withdrawn:
        said.answer(f"quotation.withdraw.{each.quotation_id}")
    if not withdrawn:
        return
    with st.expander(f"取り下げた記録({len(withdrawn)})", icon=":material/history:"):
        before = [next(e.price for e in reversed(each.events) if e.price) for each in withdrawn]
        table(
            {
                "番号": (Struck(each.label) for each in withdrawn),
                "内容": (
                    f"{lot_name(price)} {price.way.label} {yen_or_unknown(price.yearly)}/年"
                    for price in before
                ),
                "理由": (each.last.reason for each in withdrawn),
                "取り下げた日": (japan_day(each.last.recorded_at) for each in withdrawn),
            },
            "取り下げた見積・契約額",
        )
