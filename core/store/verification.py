"""監査記録の検証: the chain, and that the rows it speaks of are what it says.

Entries and the rows of insert-only tables are walked side by side in the order of their numbers, a
handful at a time; in memory are only the digests of rows that may change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.orm import Session

from core.store.audit import AuditRow, Head, hash_of, head
from core.store.engine import NO_ENTRY
from core.store.table import Base
from core.store.written import NumberedRows, Proof, digest_of, key_of, lines, proof_of

_AT_ONCE = 1000
_NAMED = 50
"""Findings that are told; the others are counted."""
LABELS: Mapping[str, str] = {
    "account": "アカウント",
    "alert_rule": "アラートの設定",
    "attachment": "添付",
    "attendance": "出席の記録",
    "attendance_attempt": "出席コードの誤入力",
    "attendance_code": "出席コード",
    "boarding_step": "後乗りの手順の記録",
    "boarding_window": "後乗り募集",
    "calendar_token": "カレンダー用アドレス",
    "contract": "契約",
    "contract_event": "契約の経過",
    "contract_payment": "契約の支払",
    "consultation": "アドバイザー相談",
    "consultation_contact": "担当者",
    "consultation_event": "相談の経過",
    "consultation_message": "やりとり",
    "coverage_event": "台帳の網羅",
    "demonstration": "見本データの印",
    "enrollee": "申込者",
    "enrolment": "申込の記録",
    "example_event": "好事例の同意と公開",
    "hearing_event": "ヒアリング",
    "catalogue_entry": "カタログ",
    "approval_rule": "回答の庁内確認の設定",
    "inquiry": "照会",
    "inquiry_event": "照会の経過",
    "inquiry_file": "照会・回答のファイル",
    "inquiry_flow": "回答の反映",
    "inquiry_version": "照会の設問",
    "kept_estimate": "保存した試算",
    "kpi_target": "目標",
    "ledger_event": "参加台帳",
    "letter_told": "連絡の記録",
    "meeting_freeze": "会議の控え",
    "meeting_reveal": "開いた場面",
    "meeting_set": "場面構成",
    "municipality_contact": "市町村の担当者",
    "news_mark": "お知らせの既読",
    "parameter": "制度値",
    "request_form": "予算要求の様式",
    "response_event": "回答の経過",
    "session": "サインイン中のセッション",
    "subsidy_case": "補助金の手続",
    "subsidy_event": "補助金の手続の経過",
    "subsidy_template": "書類の様式",
    "training_session": "研修の日程",
    "training_version": "研修の版",
    "vendor": "事業者",
    "visit": "支援回",
    "visit_event": "支援回の経過",
    "visit_file": "支援回のファイル",
    "wish": "参加希望",
}
"""What the tables are called, as in docs/glossary.md."""


@dataclass
class Verification:
    """What verifying found.

    Attributes:
        head: The last entry there is.
        entries: How many entries there are.
        rows: How many rows were found as recorded.
        compared: How many heads kept elsewhere were found in the trail.
        findings: What does not hold, in words; the first of them.
        further: How many more there are.
    """

    head: Head = field(default_factory=lambda: Head(0, NO_ENTRY))
    entries: int = 0
    rows: int = 0
    compared: int = 0
    findings: list[str] = field(default_factory=list)
    further: int = 0

    @property
    def words(self) -> list[str]:
        """What was found; without findings, what that shows and what it does not."""
        if self.findings:
            more = [f"ほか{self.further:,}件"] if self.further else []
            head = "監査記録と合わないところがあります。データベースがプログラムの外で変更された疑いがあります。"
            return [head, *self.findings, *more]
        shown = (
            f"監査記録1番から{self.head.number:,}番まで欠番も書き換えもなく、"
            f"記録された{self.rows:,}行は今の内容と一致します。"
        )
        if self.compared:
            return [f"{shown}控えた末尾{self.compared:,}件とも一致します。"]
        return [
            shown,
            "全体が作り直されていないことは、別に控えた末尾との照合"
            "(noriai audit verify --expect)で確かめられます。",
        ]

    def found(self, words: str) -> None:
        """Take one more finding."""
        if len(self.findings) < _NAMED:
            self.findings.append(words)
        else:
            self.further += 1


def verify(session: Session, expected: Iterable[Head] = ()) -> Verification:
    """Look at every entry and every row the trail covers, as of one moment.

    Args:
        session: Sees one moment (:func:`core.store.engine.at_one_moment`).
        expected: Heads kept elsewhere.
    """
    result, wanted = Verification(), defaultdict(set)
    for each in expected:
        wanted[each.number].add(each.hash)
    connection = session.connection()
    numbered = {t.name: _Numbered(connection, t, result) for t in _tables(Proof.NUMBERED)}
    changing = {
        t.name: _Changing(connection, t, result)
        for t in _tables(Proof.LASTING) + _tables(Proof.PASSING)
    }
    for entry in _entries(session):
        _check_entry(entry, result)
        _check_expected(wanted.pop(entry.id, set()), entry, result)
        for table, said in _said(entry).items():
            if table in numbered:
                numbered[table].compare(entry.id, said)
            elif table in changing:
                changing[table].note(entry.id, said)
        result.head = Head(entry.id, entry.hash)
        result.entries += 1
    for number in sorted(wanted.keys() - {0}):
        result.found(f"控えにある監査記録{number}番がありません。末尾が切り取られています。")
    for rows in numbered.values():
        rows.finish()
    for state in changing.values():
        state.finish()
    _check_head(session, result)
    return result


def _check_entry(entry: AuditRow, result: Verification) -> None:
    last = result.head
    if entry.id != last.number + 1:
        missing = f"{last.number + 1}番" + (
            "" if entry.id == last.number + 2 else f"から{entry.id - 1}番"
        )
        result.found(f"監査記録の{missing}がありません。")
    elif entry.previous_hash != last.hash:
        result.found(f"監査記録{entry.id}番が前の記録につながりません。")
    if entry.hash != hash_of(entry):
        result.found(f"監査記録{entry.id}番の内容が書き換えられています。")


def _check_expected(hashes: set[str], entry: AuditRow, result: Verification) -> None:
    result.compared += entry.hash in hashes
    if hashes - {entry.hash}:
        result.found(f"監査記録{entry.id}番が控えと違います。作り直された疑いがあります。")


def _check_head(session: Session, result: Verification) -> None:
    kept = head(session)
    if kept.number > result.head.number:
        result.found(
            f"監査記録の{result.head.number + 1}番から{kept.number}番がありません。"
            "末尾が切り取られています。"
        )
    elif kept != result.head:
        result.found("監査記録の末尾が、データベースに控えた末尾と違います。")


def _said(entry: AuditRow) -> dict[str, Any]:
    try:
        said = json.loads(entry.written)
    except ValueError:
        return {}  # told already: its hash does not hold
    return said if isinstance(said, dict) else {}


def _entries(session: Session) -> Iterator[AuditRow]:
    last: int | None = None
    while True:
        query = select(AuditRow).order_by(AuditRow.id).limit(_AT_ONCE)
        rows = session.scalars(query if last is None else query.where(AuditRow.id > last)).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1].id
        session.expunge_all()


def _tables(proof: Proof) -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if proof_of(table) is proof]


class _Numbered:
    """Rows of an insert-only table, taken in the order in which entries cover them."""

    def __init__(self, connection: Connection, table: Table, result: Verification) -> None:
        self._table, self._result, self._label = table, result, LABELS[table.name]
        self._rows = _Peekable(_in_portions(connection, table))

    def compare(self, entry: int, said: list[Any]) -> None:
        """Compare the rows an entry covers with what it says of them."""
        first, last, count, digest = said
        self._strange(first)
        found = NumberedRows(self._rows.up_to(last))
        if (found.count, found.digest) == (count, digest):
            self._result.rows += count
            return
        rows = f"{first}番" if first == last else f"{first}番から{last}番"
        what = (
            "行が書き換えられています"
            if found.count == count
            else f"{count}行のはずが{found.count}行です"
        )
        self._result.found(f"{self._label}の{rows}: 監査記録{entry}番と違います。{what}。")

    def finish(self) -> None:
        """Tell of what no entry covers."""
        self._strange(None)

    def _strange(self, before: int | None) -> None:
        strange = NumberedRows(self._rows.up_to(None if before is None else before - 1))
        if strange.count:
            self._result.found(
                f"{self._label}の{strange.first}番から{strange.last}番までの"
                f"{strange.count}行は監査記録にありません。プログラムの外から加えられたか、"
                "監査記録が消されています。"
            )


class _Changing:
    """Rows that may change: what each was recorded as last."""

    def __init__(self, connection: Connection, table: Table, result: Verification) -> None:
        self._table, self._result, self._label = table, result, LABELS[table.name]
        self._now = {str(key): digest_of(line) for key, line in lines(connection, table)}
        self._recorded: dict[str, tuple[int, str | None]] = {}

    def note(self, entry: int, said: dict[str, str | None]) -> None:
        """Note what an entry says of rows."""
        lasting = proof_of(self._table) is Proof.LASTING
        for key, digest in said.items():
            if lasting or key in self._now:
                self._recorded[key] = entry, digest

    def finish(self) -> None:
        """Compare with the rows there are."""
        for key, digest in self._now.items():
            entry, recorded = self._recorded.pop(key, (0, None))
            if recorded == digest:
                self._result.rows += 1
            elif recorded is None:
                self._result.found(
                    f"{self._label}の「{key}」は監査記録にありません。"
                    "プログラムの外から加えられています。"
                )
            else:
                self._result.found(
                    f"{self._label}の「{key}」が監査記録{entry}番の後に"
                    "プログラムの外で書き換えられています。"
                )
        for key, (entry, recorded) in self._recorded.items():
            if recorded is not None:
                self._result.found(
                    f"{self._label}の「{key}」がありません。"
                    f"監査記録{entry}番の後にプログラムの外で消されています。"
                )


class _Peekable:
    """Rows by number, of which the next can be left where it is."""

    def __init__(self, rows: Iterator[tuple[int, bytes]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def up_to(self, last: int | None) -> Iterator[tuple[int, bytes]]:
        """Rows up to a number, inclusive; all that are left for None."""
        while self._next is not None and (last is None or self._next[0] <= last):
            yield self._next
            self._next = next(self._rows, None)


def _in_portions(connection: Connection, table: Table) -> Iterator[tuple[int, bytes]]:
    """Every row of an insert-only table by number; no cursor stays open meanwhile."""
    last: int | None = None
    while True:
        after = [] if last is None else [key_of(table) > last]
        portion = list(lines(connection, table, *after, limit=_AT_ONCE))
        yield from portion
        if not portion:
            return
        last = portion[-1][0]
