"""A Word template filled in: text goes in as text, a row of a table once per item."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from core.exports.file import MADE_UP
from core.exports.form.package import office_package
from core.imports.marked_word import EDGES, WordText, paragraphs, repeats
from core.imports.xml_tree import parsed, space_of, written
from core.subsidy.document import mark_named
from core.subsidy.document_values import DocumentValues, Values, said
from core.values.marks import MARK

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ONCE = frozenset({"paraId", "textId"})
"""Attributes that name one paragraph of a file."""


def filled_word(content: bytes, values: DocumentValues, *, made_up: bool) -> bytes:
    """The document with its marks filled in.

    Args:
        content: As it was kept; looked into when it was sent.
    """
    package = office_package(content)
    main = package.main
    edges = [
        part
        for _, kind, part, outside in package.relations(main)
        if kind in EDGES and not outside and part in package
    ]
    for part in [main, *edges]:
        root = parsed(package[part])
        _fill(root, values)
        if made_up and part == main:
            _mark_made_up(root)
        package[part] = written(root)
    return package.saved()


def _fill(root: Any, values: DocumentValues) -> None:
    every = [*paragraphs(root)]
    repeated: list[Any] = []
    for each in every:
        if each.row is not None and repeats(each.text) and not _holds(repeated, each.row):
            repeated.append(each.row)
    for each in every:
        if not any(_holds(repeated, above) for above in _rows_above(each)):
            _put_in(each, values.values)
    for row in repeated:
        _repeat(row, values)


def _holds(rows: Iterable[Any], row: Any) -> bool:
    return any(each is row for each in rows)


def _rows_above(text: WordText) -> Iterator[Any]:
    row = text.row
    while row is not None:
        yield row
        row = next(row.iterancestors(row.tag), None)


def _repeat(row: Any, values: DocumentValues) -> None:
    copies = [row, *(copy.deepcopy(row) for _ in values.rows[1:])]
    after = row
    for number, (made, own) in enumerate(zip(copies, values.rows, strict=True)):
        if number:
            _forget_names(made)
            after.addnext(made)
            after = made
        together: Mapping[Any, int | str] = {**values.values, **own}
        for each in [*paragraphs(made)]:
            _put_in(each, together)


def _forget_names(row: Any) -> None:
    """Take from a copy what there may be once in a file."""
    for element in list(row.iter()):
        if not isinstance(element.tag, str):
            continue
        for name in [each for each in element.attrib if etree.QName(each).localname in _ONCE]:
            del element.attrib[name]
        if etree.QName(element).localname in ("bookmarkStart", "bookmarkEnd"):
            element.getparent().remove(element)


def _put_in(text: WordText, values: Values) -> None:
    whole = text.text
    for found in reversed([*MARK.finditer(whole)]):
        words = said(mark_named(found[1]), values, whole[found.end() :])
        at, put = 0, False
        for piece in text.pieces:
            own = piece.text or ""
            begin, end = max(found.start() - at, 0), min(found.end() - at, len(own))
            at += len(own)
            if begin < end:
                piece.text = own[:begin] + ("" if put else _NO_XML.sub("", words)) + own[end:]
                piece.set(_SPACE, "preserve")
                put = True
    for piece in text.pieces:
        _break_lines(piece)


def _break_lines(piece: Any) -> None:
    """Lines of what somebody typed, as Word breaks them."""
    first, *more = (piece.text or "").split("\n")
    if not more:
        return
    space = space_of(piece)
    piece.text = first
    after = piece
    for line in more:
        for name, words in (("br", None), ("t", line)):
            new = etree.Element(f"{space}{name}")
            new.text = words
            if words is not None:
                new.set(_SPACE, "preserve")
            after.addnext(new)
            after = new


def _mark_made_up(root: Any) -> None:
    """Say above everything that what is in it is made up."""
    space = space_of(root)
    body = root.find(f"{space}body")
    paragraph = etree.Element(f"{space}p")
    run = etree.SubElement(paragraph, f"{space}r")
    etree.SubElement(run, f"{space}t").text = f"{MADE_UP}。実在の団体や人とは関係ありません。"
    body.insert(0, paragraph)
