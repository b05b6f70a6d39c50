"""事務局: all prices with names, what they save, who has kept none, keeping them for somebody."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.exports.file import file_name
from core.exports.quotations import quotation_workbook
from core.quotation.price import Way
from core.values.fiscal import era_date
from core.views.quotations import QuotationOffice, quotation_office_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.letters import draw_letter
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.quotations.effect import draw_published
from dashboard.quotations.own import draw_own
from dashboard.quotations.wording import lot_name, yen_or_unknown

_TITLE = "見積・契約額の一覧"


def _found(principal: Principal) -> QuotationOffice:
    return context.answer(quotation_office_view, principal, today=context.today())


def draw_all(principal: Principal) -> None:
    """Every price there is, and all of them as a workbook."""
    found = _found(principal)
    today, made_up = context.today(), widgets.made_up()

    def make(who: Principal) -> bytes:
        office = quotation_office_view(
            context.engine(), who, context.reference(), today=context.today()
        )
        return quotation_workbook(office, _TITLE, today, made_up=made_up)

    download(
        "Excelを作る",
        make,
        file_name("見積・契約額", today.isoformat(), suffix=".xlsx", made_up=made_up),
        key="quotations.workbook",
    )
    if not found.lines:
        widgets.empty_state("価格の記録はまだありません。", "request_quote")
        return
    wanted = choose(
        st.pills,
        "システム",
        {each.lot.label: each.lot.short for each in found.lines},
        key="quotations.lot",
        label_visibility="collapsed",
    )
    lines = [each for each in found.lines if wanted in (None, each.lot.label)]
    table(
        {
            "番号": (each.quotation.label for each in lines),
            context.names().towns: (each.municipality for each in lines),
            "システム": (lot_name(each.price) for each in lines),
            "方法": (each.price.way.label for each in lines),
            "文書": (f"{each.price.document.label} {era_date(each.price.dated)}" for each in lines),
            "1年あたり(税込)": (yen_or_unknown(each.price.yearly) for each in lines),
            "事業者": (each.price.vendor for each in lines),
            "添付": (f"{len(each.quotation.files)}個" for each in lines),
            "公開の同意": ("同意" if each.quotation.agreed else "" for each in lines),
        },
        "すべての見積・契約額、システムの順",
    )
    st.caption(
        f"{len(lines)}件。"
        + (f"取り下げられた{found.withdrawn}件を除きます。" if found.withdrawn else "")
        + "内容と添付は「団体の記録を代行」で団体を選ぶと開けます。"
    )


def draw_effect(principal: Principal) -> None:
    """Sums with how many are in, and hours."""
    found = _found(principal)
    st.subheader("削減額", anchor=False)
    draw_published(found.scale_merit)
    table(
        {
            "システム": (each.lot.short for each in found.savings),
            "集計": (f"{len(each.of)}団体({each.towns}団体中)" for each in found.savings),
            "削減額の合計(1年あたり)": (yen_or_unknown(each.yearly) for each in found.savings),
            "割合": ("" if each.percent is None else f"{each.percent}%" for each in found.savings),
        },
        "システムごとの削減額、両方の額がわかる団体の合計、税込",
    )
    st.caption(
        "この表は事務局だけに見える正確な合計です。事務局KPI・会議の数字は、1団体の額がわからないように、"
        "5団体以上・10万円未満切捨て・まとめての更新で出すため、この表と違うことがあります。"
    )
    with st.expander("団体ごとの削減額", icon=":material/list:"):
        rows = [
            (each.lot.short, name, saving) for each in found.savings for name, saving in each.of
        ]
        if rows:
            table(
                {
                    "団体": (name for _, name, _ in rows),
                    "システム": (short for short, _, _ in rows),
                    "共同化の前(1年あたり)": (yen_or_unknown(s.before_yearly) for *_, s in rows),
                    "共同(1年あたり)": (yen_or_unknown(s.joint_yearly) for *_, s in rows),
                    "削減額(1年あたり)": (yen_or_unknown(s.yearly) for *_, s in rows),
                },
                "団体ごとの削減額、税込",
            )
        else:
            widgets.empty_state("両方の額がわかる団体はまだありません。", "savings")
    st.subheader("削減時間", anchor=False)
    if not found.hours:
        widgets.empty_state("削減時間を述べた団体はまだありません。", "schedule")
        return
    short = {each.key: each.short_label for each in context.reference().procurements.programmes}
    table(
        {
            "団体": (name for name, _ in found.hours),
            "システム": (short.get(each.programme, each.programme) for _, each in found.hours),
            "年度": (each.fiscal_year.label for _, each in found.hours),
            "削減時間": (f"{each.hours:,}時間" for _, each in found.hours),
            "測り方": (each.measured for _, each in found.hours),
        },
        "団体が述べた削減時間、年度の新しい順",
    )
    towns = len({name for name, _ in found.hours})
    total = sum(each.hours or 0 for _, each in found.hours)
    st.caption(
        f"{towns}団体の合計 {total:,}時間。述べていない団体は入っていません(0ではありません)。"
    )


def draw_missing(principal: Principal) -> None:
    """Who takes part and has kept nothing, with a letter to ask for it."""
    found = _found(principal)
    for each in found.missing:
        label = each.procurement.label
        st.subheader(escaped(label), anchor=False)
        if not each.taking_part:
            st.caption("有償版の参加が台帳で名前のわかる団体はありません。")
            continue
        if not each.without:
            st.caption(f"参加している{each.taking_part}団体すべてに、共同の価格の記録があります。")
            continue
        names = "、".join(town.name for town, _ in each.without)
        st.markdown(
            f"参加している{each.taking_part}団体のうち**{len(each.without)}団体**に、"
            f"共同の価格の記録がありません: {escaped(names)}"
        )
        with st.expander("お願いの文面", icon=":material/mail:"):
            subject, body = _letter(label)
            draw_letter(subject, body, [mail for _, mail in each.without if mail])
            without = [town.name for town, mail in each.without if not mail]
            if without:
                st.caption(escaped(f"担当者の登録がなく宛先に入らない団体: {'、'.join(without)}"))


def _letter(label: str) -> tuple[str, str]:
    names = context.names()
    way = Way.JOINT.label
    return (
        f"{label}の契約額の記録のお願い",
        f"各{names.towns} DX担当者 様\n\n"
        f"{label}の{way}調達にご参加いただき、ありがとうございます。"
        f"{era_date(context.today())}時点で、貴団体の契約額(または見積額)の記録がありません。\n"
        "効果の確認と、これから参加する団体の検討のため、次の画面で額と根拠の文書をご記録ください。"
        "わからない項目は空欄のままで結構です。記録は事務局だけが見ます。\n"
        f"{context.address('quotations', {})}\n\n{names.office}",
    )


def draw_behalf(principal: Principal) -> None:
    """One municipality's prices, opened and kept on its behalf."""
    towns = {each.lg_code: each.name for each in context.reference().municipalities}
    chosen = choose(
        st.selectbox,
        "団体",
        towns,
        None,
        key="quotations.town",
        placeholder="団体を選ぶ",
    )
    if chosen is None:
        widgets.empty_state("団体を選ぶと、その団体の記録と添付を開き、代わりに記録できます。")
        return
    draw_own(principal, str(chosen))
