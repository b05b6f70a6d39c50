"""書類: the papers of a subsidy's way, and what can be put into a template of one.

A template is the secretariat's Word or Excel file with marks such as ``{{交付申請額}}``. There is no
language in it: a mark is a name of the list here or the template is refused, and a row of a table
with ``{{明細_…}}`` is repeated once per item. Nothing in a template is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from core.subsidy.step import MUNICIPAL, CaseStep
from core.values.label import Labelled
from core.values.marks import MARK, has_marks, key_of

MAX_TEMPLATE = 5 * 1024 * 1024
"""Largest template, bytes."""
MAX_MARKS = 500
"""Most marks of one template."""
MAX_ROWS = 20
"""Most rows of one template that are repeated."""


class DocumentKind(Labelled):
    """書類の種類, in the order of the way."""

    APPLICATION = "application", "交付申請書"
    PLAN = "plan", "事業計画書"
    BUDGET = "budget", "収支予算書"
    DECISION = "decision", "交付決定通知書"
    CHANGE_APPLICATION = "change_application", "変更申請書"
    CHANGE_DECISION = "change_decision", "変更決定通知書"
    ADVANCE_CLAIM = "advance_claim", "概算払請求書"
    REPORT = "report", "実績報告書"
    SETTLEMENT = "settlement", "収支決算書"
    FINAL = "final", "額の確定通知書"
    CLAIM = "claim", "請求書"

    @property
    def step(self) -> CaseStep:
        """What it is the paper of."""
        return _STEPS[self]

    @property
    def municipal(self) -> bool:
        """Whether the municipality sends it; else the prefecture does."""
        return self.step in MUNICIPAL

    @property
    def place(self) -> int:
        """From 1, in the order of the way; files sort by it."""
        return [*DocumentKind].index(self) + 1

    @property
    def suffix(self) -> str:
        """Of our own plain one, with its dot; a template of the secretariat's may be either."""
        return ".xlsx" if self in _TABLES else ".docx"


_K, _S = DocumentKind, CaseStep
_STEPS: Mapping[DocumentKind, CaseStep] = MappingProxyType(
    {
        _K.APPLICATION: _S.APPLIED,
        _K.PLAN: _S.APPLIED,
        _K.BUDGET: _S.APPLIED,
        _K.DECISION: _S.DECIDED,
        _K.CHANGE_APPLICATION: _S.CHANGE_APPLIED,
        _K.CHANGE_DECISION: _S.CHANGE_DECIDED,
        _K.ADVANCE_CLAIM: _S.ADVANCE_CLAIMED,
        _K.REPORT: _S.REPORTED,
        _K.SETTLEMENT: _S.REPORTED,
        _K.FINAL: _S.FINALISED,
        _K.CLAIM: _S.CLAIMED,
    }
)
_TABLES = frozenset({_K.BUDGET, _K.SETTLEMENT})
_ALL = frozenset(DocumentKind)
_DECIDED = _ALL - {_K.APPLICATION, _K.PLAN, _K.BUDGET}
_CHANGES = frozenset({_K.CHANGE_APPLICATION, _K.CHANGE_DECISION})
_ADVANCE = frozenset({_K.ADVANCE_CLAIM})
_REPORTED = frozenset({_K.REPORT, _K.SETTLEMENT, _K.FINAL, _K.CLAIM})
_FINAL = frozenset({_K.FINAL, _K.CLAIM})
_CLAIMS = frozenset({_K.CLAIM, _K.ADVANCE_CLAIM})


class Unit(Labelled):
    """How a value is written."""

    WORDS = "words", "文字"
    YEN = "yen", "円"
    NUMBER = "number", "数"


class Mark(Labelled):
    """書類に差し込む項目: the label stands between the braces, then what it means, an example."""

    FISCAL_YEAR = "fiscal_year", "年度", "補助金の年度", "令和5年度"
    PROGRAMME = "programme", "補助金名", "補助事業の名前", "デジタル人材シェアリング事業補助金"
    TITLE = "title", "事業名", "手続の「事業の名称」", "専門人材による情報化の支援"
    NUMBER = "number", "手続番号", "この画面での番号", "R5-補助003"
    TOWN = "town", "団体名", "申請した団体(共同の申請では代表団体)", "見本市"
    CODE = "code", "団体コード", "全国地方公共団体コード(6桁)", "123456"
    MEMBERS = "members", "参加団体", "申請に加わるすべての団体", "見本市、となり市"
    MAYOR = "mayor", "首長職名", "団体名に「長」を付けたもの", "見本市長"
    PREFECTURE = "prefecture", "都道府県名", "都道府県の名前", "見本県"
    GOVERNOR = "governor", "知事職名", "都道府県名に「知事」を付けたもの", "見本県知事"
    DOCUMENT = "document", "文書番号", "この書類の文書番号", "見本情第123号"
    DAY = "day", "文書日付", "この書類の日付", "令和5年6月1日"
    REASON = "reason", "理由", "記録した理由(変更の理由など)", "支援回数の見直しのため"
    RATE = "rate", "補助率", "補助条件の補助率", "1/2"
    ELIGIBLE = "eligible", "補助対象経費", "この書類の額のもとになる経費の合計", "2,400,000円"
    OWN = "own", "一般財源", "補助対象経費から補助金を引いた額", "1,200,000円"
    VENDOR = "vendor", "事業者名", "契約の相手方", "契約書のとおり"
    SIGNED = "signed", "契約日", "契約を結んだ日", "令和5年5月10日"
    TERM = "term", "契約期間", "契約の期間", "令和5年5月15日から令和6年3月31日まで"
    CONTRACT = "contract", "契約額", "書類の日付での契約額の合計", "2,400,000円"
    SECTION = "section", "節", "支払う節", "委託料"
    PLANS = "plans", "支援プラン", "受ける支援プラン", "プラン6 ○○、プラン4 △△"
    VISITS = "visits", "支援回数", "契約の支援回数の合計", "24"
    APPLIED_AMOUNT = "applied_amount", "交付申請額", "交付申請の額", "1,200,000円"
    APPLIED_DAY = "applied_day", "申請日", "交付申請の日付", "令和5年6月1日"
    APPLIED_NUMBER = "applied_number", "申請番号", "交付申請の文書番号", "見本情第123号"
    DECIDED_AMOUNT = (
        "decided_amount",
        "交付決定額",
        "交付決定額(変更決定があればその額)",
        "1,200,000円",
    )
    DECIDED_DAY = "decided_day", "交付決定日", "はじめの交付決定の日付", "令和5年6月20日"
    DECIDED_NUMBER = "decided_number", "交付決定番号", "はじめの交付決定の文書番号", "見本デ第45号"
    BEFORE = "before", "変更前の額", "変更の前の交付決定額", "1,200,000円"
    CHANGE_AMOUNT = "change_amount", "変更申請額", "変更を申請した、変更後の額", "1,000,000円"
    CHANGE = "change", "変更増減額", "この書類の額から変更前の額を引いた額(減は△)", "△200,000円"
    CHANGE_DAY = "change_day", "変更申請日", "変更申請の日付", "令和5年11月1日"
    CHANGE_NUMBER = "change_number", "変更申請番号", "変更申請の文書番号", "見本情第300号"
    HELD = "held", "実施回数", "書類の日付までに実施した支援回数", "23"
    COMPLETED = "completed", "完了日", "最後に支援を実施した日", "令和6年3月12日"
    PAID = "paid", "支払額", "書類の日付までに事業者へ支払った額", "2,300,000円"
    REPORTED_AMOUNT = "reported_amount", "実績額", "実績報告での補助金の額", "1,150,000円"
    REPORTED_DAY = "reported_day", "実績報告日", "実績報告の日付", "令和6年4月5日"
    REPORTED_NUMBER = "reported_number", "実績報告番号", "実績報告の文書番号", "見本情第12号"
    FINAL_AMOUNT = "final_amount", "確定額", "確定した補助金の額", "1,150,000円"
    FINAL_DAY = "final_day", "確定日", "額の確定の日付", "令和6年4月20日"
    FINAL_NUMBER = "final_number", "確定番号", "額の確定の文書番号", "見本デ第60号"
    RECEIVED = "received", "受領済額", "すでに支払われた補助金(概算払)の額", "0円"
    CLAIMED = "claimed", "請求額", "この書類で請求する額", "1,150,000円"
    REST = "rest", "差引額", "確定額から受領済額を引いた額(返還は△)", "1,150,000円"
    ROW_NUMBER = "row_number", "明細_番号", "行の番号", "1"
    ROW_TOWN = "row_town", "明細_団体名", "その行の団体", "見本市"
    ROW_ITEM = "row_item", "明細_費目", "支援プラン、または経費の名前", "プラン6 ○○"
    ROW_VISITS = "row_visits", "明細_支援回数", "そのプランの契約の回数", "12"
    ROW_HELD = "row_held", "明細_実施回数", "そのプランの、実施した回数", "12"
    ROW_CONTRACT = "row_contract", "明細_契約額", "そのプランの契約額", "1,200,000"
    ROW_PAID = "row_paid", "明細_支払額", "そのプランに支払った額", "1,200,000"
    ROW_ELIGIBLE = "row_eligible", "明細_補助対象経費", "その行の補助対象経費", "1,200,000"
    ROW_AMOUNT = "row_amount", "明細_補助金額", "その行の補助金の額", "600,000"
    ROW_OWN = "row_own", "明細_一般財源", "その行の、補助金を引いた額", "600,000"

    @property
    def meaning(self) -> str:
        """What is put in."""
        return self.words[1]

    @property
    def example(self) -> str:
        """What it may look like."""
        return self.words[2]

    @property
    def of_row(self) -> bool:
        """Whether it stands in a row that is repeated."""
        return self.value.startswith("row_")

    @property
    def unit(self) -> Unit:
        """How its value is written."""
        if self in _YEN:
            return Unit.YEN
        return Unit.NUMBER if self in _NUMBERS else Unit.WORDS

    @property
    def kinds(self) -> frozenset[DocumentKind]:
        """The papers it may stand in: nothing is known before its step."""
        return _ONLY.get(self, _ALL)


_M = Mark
_YEN = frozenset(
    {
        _M.ELIGIBLE, _M.OWN, _M.CONTRACT, _M.APPLIED_AMOUNT, _M.DECIDED_AMOUNT, _M.BEFORE,
        _M.CHANGE_AMOUNT, _M.CHANGE, _M.PAID, _M.REPORTED_AMOUNT, _M.FINAL_AMOUNT, _M.RECEIVED,
        _M.CLAIMED, _M.REST, _M.ROW_CONTRACT, _M.ROW_PAID, _M.ROW_ELIGIBLE, _M.ROW_AMOUNT,
        _M.ROW_OWN,
    }
)  # fmt: skip
_NUMBERS = frozenset({_M.VISITS, _M.HELD, _M.ROW_NUMBER, _M.ROW_VISITS, _M.ROW_HELD})
_ONLY: Mapping[Mark, frozenset[DocumentKind]] = MappingProxyType(
    {
        **dict.fromkeys((_M.DECIDED_AMOUNT, _M.DECIDED_DAY, _M.DECIDED_NUMBER), _DECIDED),
        **dict.fromkeys(
            (_M.BEFORE, _M.CHANGE_AMOUNT, _M.CHANGE, _M.CHANGE_DAY, _M.CHANGE_NUMBER), _CHANGES
        ),
        **dict.fromkeys(
            (_M.HELD, _M.COMPLETED, _M.PAID, _M.ROW_HELD, _M.ROW_PAID), _REPORTED | _ADVANCE
        ),
        **dict.fromkeys((_M.REPORTED_AMOUNT, _M.REPORTED_DAY, _M.REPORTED_NUMBER), _REPORTED),
        **dict.fromkeys((_M.FINAL_AMOUNT, _M.FINAL_DAY, _M.FINAL_NUMBER, _M.REST), _FINAL),
        _M.RECEIVED: _REPORTED | _ADVANCE,
        _M.CLAIMED: _CLAIMS,
    }
)
REQUIRED: Mapping[DocumentKind, tuple[Mark, ...]] = MappingProxyType(
    {
        _K.APPLICATION: (_M.TOWN, _M.APPLIED_AMOUNT),
        _K.PLAN: (_M.TOWN, _M.ROW_ITEM),
        _K.BUDGET: (_M.TOWN, _M.APPLIED_AMOUNT, _M.ROW_ITEM, _M.ROW_ELIGIBLE),
        _K.DECISION: (_M.TOWN, _M.DECIDED_AMOUNT),
        _K.CHANGE_APPLICATION: (_M.TOWN, _M.BEFORE, _M.CHANGE_AMOUNT),
        _K.CHANGE_DECISION: (_M.TOWN, _M.BEFORE, _M.DECIDED_AMOUNT),
        _K.ADVANCE_CLAIM: (_M.TOWN, _M.DECIDED_AMOUNT, _M.CLAIMED),
        _K.REPORT: (_M.TOWN, _M.REPORTED_AMOUNT),
        _K.SETTLEMENT: (_M.TOWN, _M.REPORTED_AMOUNT, _M.ROW_ITEM, _M.ROW_ELIGIBLE),
        _K.FINAL: (_M.TOWN, _M.FINAL_AMOUNT),
        _K.CLAIM: (_M.TOWN, _M.CLAIMED),
    }
)
"""What no template of a kind goes without: whose it is, and the amount it is about."""
_INSTEAD: Mapping[Mark, frozenset[Mark]] = MappingProxyType(
    {_M.TOWN: frozenset({_M.MAYOR, _M.MEMBERS})}
)
"""What does as well."""

_BY_NAME: Mapping[str, Mark] = {key_of(each.label): each for each in Mark}
_OTHER_NAMES: Mapping[str, Mark] = {
    "市町村名": _M.TOWN,
    "日付": _M.DAY,
    "事業の名称": _M.TITLE,
    "補助事業名": _M.PROGRAMME,
    "申請額": _M.APPLIED_AMOUNT,
    "補助金交付申請額": _M.APPLIED_AMOUNT,
    "決定額": _M.DECIDED_AMOUNT,
    "変更の理由": _M.REASON,
    "変更理由": _M.REASON,
    "明細補助金": _M.ROW_AMOUNT,
}


def mark_named(name: str) -> Mark | None:
    """The mark of a name as people write it; None for nothing known.

    Examples:
        >>> mark_named(" 交付 申請額 ") is Mark.APPLIED_AMOUNT, mark_named("明細・費目").label
        (True, '明細_費目')
        >>> mark_named("''.__class__")
    """
    key = key_of(name)
    return _BY_NAME.get(key) or _OTHER_NAMES.get(key)


def marks_for(kind: DocumentKind) -> tuple[Mark, ...]:
    """What may stand in a paper of a kind."""
    return tuple(each for each in Mark if kind in each.kinds)


def missing_marks(kind: DocumentKind, there: Iterable[Mark]) -> tuple[Mark, ...]:
    """What a template lacks."""
    found = frozenset(there)
    return tuple(
        each
        for each in REQUIRED[kind]
        if each not in found and not found & _INSTEAD.get(each, frozenset())
    )


def marks_in(text: str) -> Iterator[Mark]:
    """The marks of a text, in their order; what is unknown is passed over."""
    for found in MARK.finditer(text):
        if mark := mark_named(found[1]):
            yield mark


@dataclass(frozen=True)
class MarkedText:
    """A paragraph or a cell of a template that has marks.

    Attributes:
        where: As a reader finds it, 本文の3段落目 or シート「様式」のB4.
        in_row: Whether it stands in a row of a table.
        fixed: Why nothing can be put in here; empty where it can.
    """

    where: str
    text: str
    in_row: bool
    fixed: str = ""


def mark_problems(kind: DocumentKind, place: MarkedText) -> Iterator[str]:
    """What stands against the marks of one place, each with it."""
    said = f"{place.where}: "
    for found in MARK.finditer(place.text):
        mark = mark_named(found[1])
        if mark is None:
            yield f"{said}「{{{{{_short(found[1])}}}}}」という項目はありません。{_meant(found[1], kind)}"
        elif kind not in mark.kinds:
            yield (
                f"{said}「{{{{{mark.label}}}}}」は{kind.label}には入れられません"
                f"({kind.step.label}のときには決まっていません)。"
            )
        elif mark.of_row and not place.in_row:
            yield (
                f"{said}「{{{{{mark.label}}}}}」は表の行に書いてください。その行を件数だけ繰り返します。"
            )
    rest = MARK.sub("", place.text)
    if has_marks(rest):
        yield (
            f"{said}「{_short(rest.strip())}」の括弧が対になっていません。"
            "{{団体名}}のように、1つの段落かセルの中に書いてください。"
        )
    elif "{%" in rest or "%}" in rest or "{#" in rest:
        yield f"{said}「{{% … %}}」のような命令は使えません。{{{{団体名}}}}のように項目だけを書いてください。"
    if place.fixed:
        yield f"{said}{place.fixed}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_SHOWN = 40


def _meant(name: str, kind: DocumentKind) -> str:
    known = {key_of(each.label): each for each in marks_for(kind)}
    near = get_close_matches(key_of(name)[:_SHOWN], known, n=1, cutoff=0.5)
    if near:
        return f"「{{{{{known[near[0]].label}}}}}」ではありませんか。"
    return "使える項目は画面の一覧で確かめてください。"
