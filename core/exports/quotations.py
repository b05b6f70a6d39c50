"""見積・契約額の一覧 as Excel, for the secretariat: everything with names."""

from __future__ import annotations

from datetime import date

from core.exports import book
from core.exports.book import Cell, Column
from core.values.fiscal import japan_day
from core.views.quotations import OfficeLine, QuotationOffice

_COLUMNS = (
    Column("番号", 8),
    Column("団体", 16),
    Column("共同調達", 26),
    Column("区分", 8),
    Column("方法", 10),
    Column("文書", 10),
    Column("文書の日付", 13),
    Column("事業者", 22),
    Column("税", 7),
    Column("初期費用(円)", 15),
    Column("月額(円)", 14),
    Column("契約月数", 10),
    Column("総額(円)", 16),
    Column("1年あたり(税込、円)", 20),
    Column("利用開始日", 13),
    Column("根拠", 44),
    Column("添付の数", 10),
    Column("公開の同意", 12),
    Column("記録した日", 13),
)
_UNKNOWN = "空欄は不明で、0ではない。税抜の文書は10%を足して1年あたりの額にした。取扱注意。"


def quotation_workbook(
    office: QuotationOffice, title: str, made_on: date, *, made_up: bool
) -> bytes:
    """Prices, savings, hours and who has kept none, a sheet each."""
    made = book.Book(title, made_on, made_up=made_up)
    labels = {each.procurement.key: each.procurement.label for each in office.missing}
    made.table("価格", _COLUMNS, map(_line, office.lines), title=title, under=_UNKNOWN)
    made.table(
        "削減額",
        (
            Column("共同調達", 26), Column("団体", 16), Column("共同化の前(円/年)", 20),
            Column("もとにした額", 14), Column("共同(円/年)", 16), Column("削減額(円/年)", 16),
        ),
        [
            (
                each.lot.label, name, saving.before_yearly,
                saving.before.price.way.label if saving.before and saving.before.price else None,
                saving.joint_yearly, saving.yearly,
            )
            for each in office.savings
            for name, saving in each.of
        ],
        title="システムごとの削減額",
        under=f"両方の額がわかる団体だけ。公表値は「{office.scale_merit.text}」。",
    )  # fmt: skip
    made.table(
        "削減時間",
        (
            Column("団体", 16), Column("共同調達", 26), Column("年度", 12),
            Column("削減時間", 12), Column("測り方", 50),
        ),
        [
            (name, labels.get(each.programme, each.programme), each.fiscal_year.label, each.hours, each.measured)
            for name, each in office.hours
        ],
        title="団体が述べた削減時間",
    )  # fmt: skip
    made.table(
        "記録のない団体",
        (Column("共同調達", 26), Column("団体", 16), Column("連絡先", 34)),
        [
            (each.procurement.label, town.name, mail)
            for each in office.missing
            for town, mail in each.without
        ],
        title="有償版に参加していて、共同の価格の記録がない団体",
    )
    return made.finished()


def _line(each: OfficeLine) -> tuple[Cell, ...]:
    price = each.price
    total, yearly = price.printed_total, price.yearly
    return (
        each.quotation.quotation_id,
        each.municipality,
        each.lot.procurement.label,
        price.lot,
        price.way.label,
        price.document.label,
        price.dated,
        price.vendor or None,
        price.tax.label,
        price.initial,
        price.monthly,
        price.months,
        None if total is None else int(total),
        None if yearly is None else int(yearly),
        price.first_day,
        price.basis,
        len(each.quotation.files),
        "同意" if each.quotation.agreed else None,
        japan_day(each.quotation.last.recorded_at),
    )
