"""書類の様式: what a template of the secretariat's has, or everything that has to be put right.

Runs in a process of its own, after core.imports.attachments has looked at what acts in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.consultation.attachment import Finding
from core.imports.attachments import inspected_office
from core.imports.file_kind import refused
from core.imports.form.place import place
from core.imports.marked_book import MOST, MarkedBook, MarkedSheet
from core.imports.package import DamagedError, LockedError, OversizedError, Package
from core.imports.request_form import told
from core.subsidy.document import (
    MAX_MARKS,
    MAX_ROWS,
    DocumentKind,
    Mark,
    MarkedText,
    mark_problems,
    marks_in,
    missing_marks,
)

_ACTS = frozenset(
    {Finding.SCRIPT, Finding.EMBEDDED, Finding.EXTERNAL, Finding.ADD_IN, Finding.UNSEEN}
)
"""What no paper of an office carries."""
_FORMULA = "数式のセルには入れられません。別のセルにしてください。"
_ELSEWHERE = "ここには入れられません。セルに書いてください。"
_MERGED = "上下の行とつながったセルがあるため、行を繰り返せません。結合を解除してください。"
_STIFF = "テーブル・ピボット・コメント・ボタンのあるシートでは、行を繰り返せません。"


def plain_template(contents: Sequence[bytes], options: Any) -> Iterator[Any]:
    """What the reading process answers: each mark there is.

    Args:
        options: Safe name of the file, kind of the paper.

    Raises:
        InvalidInputError: Field ``file``: what cannot be taken, or everything to be put right.
    """
    content, name, kind = contents[0], str(options[0]), DocumentKind(str(options[1]))
    acting = [each for each in inspected_office(name, content) if each in _ACTS]
    if acting:
        reasons = "、".join(each.label for each in acting)
        raise refused(f"様式としては使えません。{reasons}。取り除いて保存し直してください。")
    try:
        package = Package(content, MOST)
        if name.lower().endswith(".docx"):
            found = _of_word(package)
        else:
            found = [*_of_book(MarkedBook(package))]
    except LockedError:
        raise refused("パスワードがかかっています。解除して保存し直してください。") from None
    except OversizedError as error:
        raise refused(f"様式としては大きすぎるファイルです({error})。") from None
    except DamagedError as error:
        raise refused(f"WordかExcelのファイルとして読めません({error})。") from None
    there = [mark for text, _ in found for mark in marks_in(text.text)]
    problems = [*dict.fromkeys(said for text, _ in found for said in mark_problems(kind, text))]
    problems += [
        f"「{{{{{each.label}}}}}」({each.meaning})がありません。{kind.label}には必ず入れてください。"
        for each in missing_marks(kind, there)
    ]
    rows = sum(repeated for _, repeated in found)
    if len(there) > MAX_MARKS or rows > MAX_ROWS:
        problems.append(
            f"項目は{MAX_MARKS}個、繰り返す行は{MAX_ROWS}行までにしてください"
            f"(項目{len(there):,}個、繰り返す行{rows:,}行)。"
        )
    if problems:
        raise refused(told(problems))
    yield from (mark.value for mark in Mark if mark in there)


def _of_word(package: Package) -> list[tuple[MarkedText, int]]:
    from lxml import etree

    from core.imports.marked_word import marked_word

    try:
        return [*marked_word(package)]
    except etree.XMLSyntaxError:
        raise DamagedError("XMLとして壊れています。") from None


def _of_book(book: MarkedBook) -> Iterator[tuple[MarkedText, int]]:
    for name, sheet in book.sheets.items():
        stiff = sheet.related & {"table", "pivotTable", "comments", "ctrlProp"}
        rows: set[int] = set()
        for cell, text in sheet.texts.items():
            at = place(cell)
            row = at[0] if at else 0
            repeated = any(mark.of_row for mark in marks_in(text))
            fixed = _FORMULA if cell in sheet.formulas else ""
            if repeated and not fixed:
                fixed = _STIFF if stiff else _MERGED if _reaches_over(sheet, row) else ""
            new = repeated and row not in rows
            if new:
                rows.add(row)
            where = f"シート「{name}」の{cell}"
            yield MarkedText(where, text, in_row=True, fixed=fixed), int(new)
        for what in sheet.elsewhere:
            yield MarkedText(f"シート「{name}」の{what}", "", in_row=True, fixed=_ELSEWHERE), 0


def _reaches_over(sheet: MarkedSheet, row: int) -> bool:
    """Whether something merged reaches from a row into another."""
    return any(top < bottom and top <= row <= bottom for _, top, _, bottom, _ in sheet.merged)
