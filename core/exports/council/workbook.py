"""議会・決算説明用 as Excel: the page's figures as numbers, every row, every definition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.exports.book import Book, Cell, Column
from core.exports.council.wording import (
    TITLE,
    amounts,
    money_basis,
    money_columns,
    plan_rows,
    source_line,
    status_text,
)
from core.figures.year.saved import SavedLot
from core.figures.year.year import OurYear
from core.reference.pack import Reference
from core.values.figure import plain_number
from core.values.fiscal import era_date
from core.values.money import Yen

_YEN = 15
_UNKNOWN = "空欄は不明・記録なしで、0ではない。"


def council_workbook(year: OurYear, reference: Reference, made_on: date, *, made_up: bool) -> bytes:
    """A sheet a table; equal arguments give equal bytes."""
    name, label = year.municipality.name, year.fiscal_year.label
    title = f"{name} {label} {TITLE}"
    book = Book(title, made_on, made_up=made_up)
    as_of = f"{era_date(year.today)}現在の記録、作成日 {era_date(made_on)}。{_UNKNOWN}"
    book.table(
        "まとめ",
        (
            Column("項目", 30), Column("値", 16), Column("単位", 8), Column("実績・見込み", 13),
            Column("内容・不明の理由", 40), Column("定義", 40), Column("集計基準", 36),
            Column("基準日", 20), Column("出典", 24),
        ),
        _summary(year),
        title=title,
        under=as_of,
        frozen=1,
    )  # fmt: skip
    columns = money_columns(year, reference.names.subsidy or "補助金")
    book.table(
        "予算から負担まで",
        (
            Column("プラン", 36), Column("支援回", 11),
            *(Column(f"{each}(円)", _YEN) for each in (*columns, f"{columns[-1]}の見込み")),
        ),
        (
            (plan, visits, *map(_whole, (*amounts(money), money.burden, money.foreseen)))
            for plan, visits, money in plan_rows(year, reference)
        ),
        title=f"{title}: 支援プラン",
        under=f"{as_of}{money_basis(year)}",
        frozen=1,
    )  # fmt: skip
    book.table(
        "支援回の議題",
        (Column("実施日", 14), Column("プラン", 36), Column("議題", 80)),
        (
            (each.day, reference.plan_title(each.plan, year.fiscal_year), each.text)
            for each in year.topics
        ),
        title=f"{title}: 支援回の議題",
        under="団体が記録した言葉。"
        + (f"団体以外が記録した{year.topics_of_others}回を除く。" if year.topics_of_others else ""),
    )
    if reference.pays_subsidies:
        book.table(
            "補助金",
            (
                Column("番号", 14), Column("補助事業", 36), Column("事業の名称", 36), Column("状態", 16),
                Column("申請額(円)", _YEN), Column("決定額(円)", _YEN), Column("確定額(円)", _YEN),
                Column("支払済(円)", _YEN), Column("対象経費の実績(円)", 18), Column("団体の負担(円)", _YEN),
            ),
            _grants(year),
            title=f"{title}: そのほかの補助金",
            under=f"{as_of}共同申請は自団体の分。負担は対象経費の実績から確定額を引いた額。",
            frozen=1,
        )  # fmt: skip
    book.table(
        "共同調達",
        (Column("共同調達", 44), Column("参加の状態", 16)),
        ((label, state.standing.label) for label, state in year.systems),
        title=f"{title}: 共同調達への参加",
        under="参加台帳による。不明は、参加していないことを意味しない。",
    )
    book.table(
        "削減額",
        (
            Column("システム", 44), Column("共同化の前(円/年)", 18), Column("もとにした文書", 28),
            Column("共同(円/年)", 16), Column("共同の文書", 28), Column("削減額(円/年)", 16),
        ),
        map(_saved, year.saved.lots),
        title=f"{title}: 削減額",
        under=f"{_UNKNOWN}税込、1年あたり。共同が見積のものは見込みで、まとめの削減額に入れていない。",
        frozen=1,
    )  # fmt: skip
    book.table(
        "前提と出典",
        (Column("番号", 8), Column("内容", 110)),
        enumerate((*year.notes, money_basis(year), source_line(reference)), start=1),
        title=f"{title}: 前提と出典",
    )
    return book.finished()


def _summary(year: OurYear) -> Iterator[tuple[Cell, ...]]:
    for told in year.told.values():
        figure = told.figure
        yield (
            figure.label,
            plain_number(figure.value),
            figure.unit,
            status_text(told),
            told.beside,
            figure.definition,
            figure.basis,
            figure.as_of,
            "乗合に記録された内容",
        )


def _whole(amount: Yen | None) -> int | None:
    return None if amount is None else int(amount)


def _grants(year: OurYear) -> Iterator[tuple[Cell, ...]]:
    for each in year.grants:
        share = each.share
        amounts = (
            share.applied, share.decided, share.final, share.paid, share.eligible, each.burden,
        )  # fmt: skip
        head = (each.case.number.label, each.name, each.case.title, each.case.state.label)
        yield (*head, *map(_whole, amounts))


def _saved(lot: SavedLot) -> tuple[Cell, ...]:
    saving = lot.saving
    return (
        lot.label,
        _whole(saving.before_yearly),
        _document(lot, joint=False),
        _whole(saving.joint_yearly),
        _document(lot, joint=True),
        _whole(saving.yearly),
    )


def _document(lot: SavedLot, *, joint: bool) -> str | None:
    kept = lot.saving.joint if joint else lot.saving.before
    if kept is None or kept.price is None:
        return None
    price = kept.price
    return f"{price.way.label}の{price.document.label}({price.dated.isoformat()})"
