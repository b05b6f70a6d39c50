"""受領票: what a municipality keeps of an answer it handed in, as text and as one A4 page (PDF)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.exports.file import MADE_UP
from core.exports.paper import DARK, FOOT, GREY, WIDE, Paper
from core.inquiry.answer import BLANK_LABEL, Answers
from core.inquiry.composition import Composition
from core.inquiry.kinds.kind import Scope
from core.inquiry.reading import asked, words_of
from core.values.fiscal import era_date

_TITLE = "受領票"
_TO_CHECK = "この受領票は、照会・回答の画面の「受領を確かめる」に受領番号とSHA-256を入れると確かめられます。"
_NAMES = (("項目", 40.0), ("内容", WIDE - 40.0))
_ANSWERS = (("設問", 66.0), ("回答", WIDE - 66.0))
"""Columns and their widths, mm."""
_LETTERS, _SIZE = 160, 8.0
"""Letters of an answer on the page, and their size."""
_REST = 8.0
"""Room for the line that says what is not on the page, mm."""


def receipt_text(
    lines: Mapping[str, str],
    composition: Composition,
    answers: Answers,
    scope: Scope,
    *,
    made_up: bool,
) -> bytes:
    """The receipt and the answers it stands for; UTF-8 with BOM and CRLF, as Windows opens it.

    Args:
        lines: What the receipt says, by name.
        composition: The questions.
        answers: As they were handed in.
    """
    text = [*([MADE_UP, ""] if made_up else []), _TITLE, ""]
    text += [f"{name}: {said}" for name, said in lines.items()]
    text += ["", "提出した回答", ""]
    for question, said in _answered(composition, answers, scope):
        text += [f"設問{question}", f"  {said}"]
    text += ["", _TO_CHECK]
    return ("\r\n".join(line.replace("\n", "\r\n  ") for line in text) + "\r\n").encode("utf-8-sig")


def receipt_pdf(
    lines: Mapping[str, str],
    composition: Composition,
    answers: Answers,
    scope: Scope,
    made_on: date,
    *,
    made_up: bool,
) -> bytes:
    """The same on one A4 page: the receipt whole, of the answers what has room, and what has not.

    Args:
        lines: What the receipt says, by name.
        composition: The questions.
        answers: As they were handed in.
    """
    page = Paper(f"{_TITLE} {composition.title}", made_on, made_up=made_up)
    page.line_of(_TITLE, 18, DARK)
    page.line_of(f"作成日 {era_date(made_on)}", 9)
    page.ln(1)
    page.table_of(_NAMES, [*lines.items()], 9)
    page.section("提出した回答", f"長い回答は、はじめの{_LETTERS}文字を載せる。")
    rows = [
        (_short(question), _short(said))
        for question, said in _answered(composition, answers, scope)
    ]
    shown = _with_room(page, rows)
    if shown:
        page.table_of(_ANSWERS, shown, _SIZE)
    if rest := len(rows) - len(shown):
        page.line_of(
            f"ほか{rest}問はこの紙に入らない。全文は画面と、テキストの受領票にある。", 8, GREY
        )
    page.set_y(FOOT)
    page.line_of(_TO_CHECK, 7, GREY)
    return page.finished()


def _short(text: str) -> str:
    """The beginning of a text, its lines in one."""
    line = " ".join(text.split())
    return line if len(line) <= _LETTERS else f"{line[:_LETTERS]}…"


def _with_room(page: Paper, rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """As many rows, from the first on, as the page has room for."""
    left, shown = FOOT - page.get_y() - _REST, list[tuple[str, str]]()
    (question, first), (said, second) = _ANSWERS
    for row in ((question, said), *rows):
        left -= page.height_of(row, (first, second), _SIZE)
        if left < 0:
            break
        shown.append(row)
    return shown[1:]


def _answered(composition: Composition, answers: Answers, scope: Scope) -> list[tuple[str, str]]:
    """Every question that was asked, with its number, and what was answered."""
    return [
        (
            f"{composition.number_of(each.key)} {each.label}",
            words_of(each, answers.get(each.key), scope) or BLANK_LABEL,
        )
        for each in asked(composition, answers)
    ]
