"""参考様式: our own plain templates, until the secretariat sends its own.

They carry the same marks as any other, so they also show how one is written. What no record holds
(氏名, 条件, 振込先) is left to be written by hand, never made up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from core.exports.book import Book, Page
from core.exports.documents.letter import Letter
from core.exports.live import Live
from core.subsidy.document import DocumentKind

REFERENCE_FORM = "(参考様式)"
_NAME = "\u3000" * 8
_NUMBERS = "１２３４５６７８９"


@cache
def plain_template(kind: DocumentKind) -> bytes:
    """Our template of a kind, with its marks."""
    if kind in _BOOKS:
        return _account(kind, *_BOOKS[kind])
    return _LETTERS[kind]()


def plain_name(kind: DocumentKind) -> str:
    """What it is called as a file."""
    return f"参考様式_{kind.label}{kind.suffix}"


def _letter(title: str, words: str, items: Sequence[tuple[str, str]], *, municipal: bool) -> Letter:
    """The page every one of them begins with."""
    made = Letter()
    made.line(REFERENCE_FORM, size=9)
    made.line("{{文書番号}}", "right")
    made.line("{{文書日付}}", "right")
    made.gap()
    made.line(f"{'{{知事職名}}' if municipal else '{{首長職名}}'}　様")
    made.gap()
    sender = "{{首長職名}}" if municipal else "{{知事職名}}"
    made.line(sender, indent=28)  # room for the name, which no record holds
    made.gap()
    _title(made, title)
    made.line(words)
    made.gap()
    made.line("記", "center")
    made.gap()
    for number, (name, value) in zip(_NUMBERS, items, strict=False):
        made.line(f"{number}　{name}　　{value}", hanging=2)
        made.gap()
    return made


def _title(made: Letter, title: str) -> None:
    """In two lines: names of programmes are long, and a word is not to be cut."""
    made.line("{{年度}}　{{補助金名}}", "center", size=12, bold=True)
    made.line(title, "center", size=14, bold=True)
    made.gap()


def _lined(made: Letter, title: str, *columns: tuple[str, float, str]) -> bytes:
    """The letter with 別紙: a table of its items."""
    made.line("以上", "right")
    made.page()
    made.line("別紙", "right")
    made.line(title, "center", size=12, bold=True)
    made.line("{{団体名}}　{{年度}}", "right")
    _table(made, columns)
    return made.finished()


def _table(made: Letter, columns: Sequence[tuple[str, float, str]]) -> None:
    numbers = " ".join(name for name, _, mark in columns if mark not in ("団体名", "費目"))
    made.table(
        [(name, wide) for name, wide, _ in columns],
        [[f"{{{{明細_{mark}}}}}" for _, _, mark in columns]],
        numbers,
    )


_TOWN = ("団体", 0.16, "団体名")
_ITEM = ("費目(支援プラン)", 0.32, "費目")
_ELIGIBLE = ("補助対象経費(円)", 0.19, "補助対象経費")
_AMOUNT = ("補助金(円)", 0.17, "補助金額")
_SPREAD = (
    _TOWN,
    ("費目(支援プラン)", 0.44, "費目"),
    ("補助対象経費(円)", 0.21, "補助対象経費"),
    ("補助金(円)", 0.19, "補助金額"),
)


def _application() -> bytes:
    made = _letter(
        "交付申請書",
        "　標記の補助金について、下記のとおり交付を受けたいので、関係書類を添えて申請します。",
        [
            ("事業の名称", "{{事業名}}"),
            ("補助対象経費", "金{{補助対象経費}}"),
            ("交付申請額", "金{{交付申請額}}"),
            ("実施する団体", "{{参加団体}}"),
            ("添付書類", "事業計画書、収支予算書"),
        ],
        municipal=True,
    )
    visits = ("支援回数", 0.16, "支援回数")
    return _lined(made, "交付申請額の内訳", _TOWN, _ITEM, visits, _ELIGIBLE, _AMOUNT)


def _plan() -> bytes:
    made = Letter()
    made.line(REFERENCE_FORM, size=9)
    made.gap()
    _title(made, "事業計画書")
    made.table(
        [("項目", 0.25), ("内容", 0.75)],
        [
            ("団体名", "{{参加団体}}"),
            ("事業の名称", "{{事業名}}"),
            ("支援を受ける内容", "{{支援プラン}}"),
            ("契約の相手方", "{{事業者名}}"),
            ("実施の期間", "{{契約期間}}"),
            ("支援回数", "{{支援回数}}回"),
            ("事業の目的と効果", ""),
            ("実施の体制", ""),
        ],
    )
    made.gap()
    made.line("支援の計画", bold=True)
    _table(
        made,
        [
            ("団体", 0.2, "団体名"),
            ("支援プラン", 0.42, "費目"),
            ("支援回数", 0.16, "支援回数"),
            ("契約額(円)", 0.22, "契約額"),
        ],
    )
    return made.finished()


def _decision() -> bytes:
    made = _letter(
        "交付決定通知書",
        "　{{申請日}}付け{{申請番号}}で申請のあった標記の補助金について、下記のとおり交付することに決定したので通知します。",
        [
            ("事業の名称", "{{事業名}}"),
            ("補助対象経費", "金{{補助対象経費}}"),
            ("補助率", "{{補助率}}"),
            ("交付決定額", "金{{交付決定額}}"),
            ("交付の条件", _NAME),
        ],
        municipal=False,
    )
    return _lined(made, "交付決定額の内訳", *_SPREAD)


def _change_application() -> bytes:
    made = _letter(
        "変更申請書",
        "　{{交付決定日}}付け{{交付決定番号}}で交付決定のあった標記の補助金について、下記のとおり変更したいので申請します。",
        [
            ("事業の名称", "{{事業名}}"),
            ("変更の理由", "{{理由}}"),
            ("変更前の交付決定額", "金{{変更前の額}}"),
            ("変更後の申請額", "金{{変更申請額}}"),
            ("増減額", "{{変更増減額}}"),
        ],
        municipal=True,
    )
    return _lined(made, "変更後の内訳", *_SPREAD)


def _change_decision() -> bytes:
    made = _letter(
        "変更決定通知書",
        "　{{変更申請日}}付け{{変更申請番号}}で申請のあった標記の補助金の変更について、下記のとおり決定したので通知します。",
        [
            ("事業の名称", "{{事業名}}"),
            ("変更前の交付決定額", "金{{変更前の額}}"),
            ("変更後の交付決定額", "金{{交付決定額}}"),
            ("増減額", "{{変更増減額}}"),
        ],
        municipal=False,
    )
    return _lined(made, "変更後の内訳", *_SPREAD)


def _report() -> bytes:
    made = _letter(
        "実績報告書",
        "　{{交付決定日}}付け{{交付決定番号}}で交付決定のあった標記の補助事業が完了したので、下記のとおり報告します。",
        [
            ("事業の名称", "{{事業名}}"),
            ("交付決定額", "金{{交付決定額}}"),
            ("事業者に支払った額", "金{{支払額}}"),
            ("補助金の実績額", "金{{実績額}}"),
            ("支援の実施", "契約{{支援回数}}回のうち{{実施回数}}回(最後の実施 {{完了日}})"),
            ("添付書類", "収支決算書、支払を証する書類の写し"),
        ],
        municipal=True,
    )
    return _lined(
        made, "実績の内訳", _TOWN, ("費目(支援プラン)", 0.26, "費目"), ("契約回数", 0.12, "支援回数"),
        ("実施回数", 0.12, "実施回数"), ("支払額(円)", 0.17, "支払額"), ("補助金(円)", 0.17, "補助金額"),
    )  # fmt: skip


def _final() -> bytes:
    made = _letter(
        "額の確定通知書",
        "　{{実績報告日}}付け{{実績報告番号}}で実績報告のあった標記の補助金の額を、下記のとおり確定したので通知します。",
        [
            ("事業の名称", "{{事業名}}"),
            ("交付決定額", "金{{交付決定額}}"),
            ("確定額", "金{{確定額}}"),
            ("受領済額(概算払)", "金{{受領済額}}"),
            ("差引額", "{{差引額}}(△は返還)"),
        ],
        municipal=False,
    )
    return _lined(made, "確定額の内訳", *_SPREAD)


_TRANSFER = [
    ("金融機関・支店", ""),
    ("預金の種類・口座番号", ""),
    ("口座名義(カナ)", ""),
]


def _claim(kind: DocumentKind, words: str, items: Sequence[tuple[str, str]]) -> bytes:
    made = _letter(kind.label, words, items, municipal=True)
    made.line("振込先", bold=True)
    made.table([("項目", 0.3), ("記入欄", 0.7)], _TRANSFER)
    return made.finished()


def _last_claim() -> bytes:
    return _claim(
        DocumentKind.CLAIM,
        "　{{確定日}}付け{{確定番号}}で額の確定のあった標記の補助金を、下記のとおり請求します。",
        [
            ("請求額", "金{{請求額}}"),
            ("確定額", "金{{確定額}}"),
            ("受領済額(概算払)", "金{{受領済額}}"),
        ],
    )


def _advance_claim() -> bytes:
    return _claim(
        DocumentKind.ADVANCE_CLAIM,
        "　{{交付決定日}}付け{{交付決定番号}}で交付決定のあった標記の補助金を、下記のとおり概算払により請求します。",
        [
            ("請求額", "金{{請求額}}"),
            ("交付決定額", "金{{交付決定額}}"),
            ("受領済額", "金{{受領済額}}"),
        ],
    )


_K = DocumentKind
_LETTERS: Mapping[DocumentKind, Callable[[], bytes]] = MappingProxyType(
    {
        _K.APPLICATION: _application,
        _K.PLAN: _plan,
        _K.DECISION: _decision,
        _K.CHANGE_APPLICATION: _change_application,
        _K.CHANGE_DECISION: _change_decision,
        _K.ADVANCE_CLAIM: _advance_claim,
        _K.REPORT: _report,
        _K.FINAL: _final,
        _K.CLAIM: _last_claim,
    }
)
_BOOKS: Mapping[DocumentKind, tuple[str, str, Sequence[tuple[str, str]]]] = MappingProxyType(
    {
        _K.BUDGET: (
            "予算額(円)",
            "{{交付申請額}}",
            [("支援回数", "支援回数"), ("契約額(円)", "契約額")],
        ),
        _K.SETTLEMENT: (
            "決算額(円)",
            "{{実績額}}",
            [("実施回数", "実施回数"), ("支払額(円)", "支払額")],
        ),
    }
)


def _account(
    kind: DocumentKind, heading: str, subsidy: str, more: Sequence[tuple[str, str]]
) -> bytes:
    """収支予算書 and 収支決算書: what comes in and what goes out, with sums that are formulas."""
    book = Book(kind.label, None, made_up=False)
    page = book.page(kind.label, (26, 15, 10, 15, 18, 15))
    page.text("A1:F1", REFERENCE_FORM, "note")
    page.text("A2:F2", "{{年度}}　{{補助金名}}", "subtitle", "center")
    page.text("A3:F3", kind.label, "title")
    page.height(3, lines=2)
    page.text("A4", "団体名", "label")
    page.text("B4:F4", "{{参加団体}}", "cell")
    page.text("A5", "事業の名称", "label")
    page.text("B5:F5", "{{事業名}}", "cell")
    page.section("A7", "１　収入の部")
    page.row(8, "科目", heading, looks=("head",))
    page.text("C8:F8", "説明", "head")
    for row, (name, mark) in enumerate(
        (("{{都道府県名}}の補助金", subsidy), ("一般財源", "{{一般財源}}")), start=9
    ):
        page.text(f"A{row}", name, "cell")
        page.text(f"B{row}", mark, "cell", "number")
        page.blank(f"C{row}:F{row}", "cell")
    page.text("A11", "合計", "label")
    page.amount("B11", Live("SUM(B9:B10)", 0), "bold")
    page.blank("C11:F11", "cell")
    page.section("A13", "２　支出の部")
    (visits, visits_mark), (spent, spent_mark) = more
    page.row(
        14,
        "費目(支援プラン)",
        "団体",
        visits,
        spent,
        "補助対象経費(円)",
        "補助金(円)",
        looks=("head",),
    )
    for column, mark in zip("AB", ("費目", "団体名"), strict=True):
        page.text(f"{column}15", f"{{{{明細_{mark}}}}}", "cell")
    for column, mark in zip(
        "CDEF", (visits_mark, spent_mark, "補助対象経費", "補助金額"), strict=True
    ):
        page.text(f"{column}15", f"{{{{明細_{mark}}}}}", "cell", "number")
    _sums(page)
    page.sheet.set_paper(9)
    page.sheet.fit_to_pages(1, 0)
    page.sheet.center_horizontally()
    page.sheet.hide_gridlines(2)
    return book.finished()


def _sums(page: Page) -> None:
    page.text("A16:B16", "合計", "label")
    for column in "CDEF":
        page.amount(f"{column}16", Live(f"SUM({column}15:{column}15)", 0), "bold")
