"""A Word document as an office writes a letter: A4, number and day to the right, 記, a table.

Written as the XML it is: what a letter needs is a handful of elements.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from core.exports.book import FONT

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WIDE = 9070
"""Width between the margins, twentieths of a point."""
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "word/styles.xml": f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="ja-JP" w:eastAsia="ja-JP"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    '<w:spacing w:after="0" w:line="340" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    "</w:styles>",
}


class Letter:
    """A letter being written from above."""

    def __init__(self) -> None:
        self._body: list[str] = []

    def line(
        self, text: str = "", align: str = "left", *, size: float = 10.5, bold: bool = False,
        indent: float = 0, hanging: float = 0,
    ) -> None:  # fmt: skip
        """Write a paragraph.

        Args:
            align: ``left``, ``right`` or ``center``.
            size: Points.
            indent: Of every line, in letters.
            hanging: Of every line but the first, in letters.
        """
        self._body.append(_paragraph(text, align, size, bold=bold, indent=indent, hanging=hanging))

    def gap(self) -> None:
        """Leave a line."""
        self.line()

    def page(self) -> None:
        """Go on with a new page."""
        self._body.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')

    def table(
        self, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]], right: str = ""
    ) -> None:
        """Write a table.

        Args:
            columns: Heading and width, of the whole.
            rows: What stands in it.
            right: Headings of columns that stand to the right.
        """
        widths = [round(_WIDE * wide) for _, wide in columns]
        aligned = ["right" if name in right.split() else "left" for name, _ in columns]
        grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in widths)
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        head = _row([name for name, _ in columns], widths, ["center"] * len(widths), head=True)
        body = "".join(_row(row, widths, aligned) for row in rows)
        self._body.append(
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
            f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
        )

    def finished(self) -> bytes:
        """The file; the same words give the same bytes."""
        section = (
            '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" '
            'w:header="851" w:footer="851" w:gutter="0"/></w:sectPr>'
        )
        document = f"<w:document {_W}><w:body>{''.join(self._body)}{section}</w:body></w:document>"
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in {**_PARTS, "word/document.xml": document}.items():
                archive.writestr(zipfile.ZipInfo(name), _HEAD + part, zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def _paragraph(
    text: str, align: str, size: float, *, bold: bool = False, indent: float = 0, hanging: float = 0
) -> str:
    left = round((indent + hanging) * 210)
    place = f'<w:ind w:left="{left}" w:hanging="{round(hanging * 210)}"/>' if left else ""
    look = f'{"<w:b/>" if bold else ""}<w:sz w:val="{round(size * 2)}"/>'
    run = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f'<w:p><w:pPr>{place}<w:jc w:val="{align}"/></w:pPr>{run if text else ""}</w:p>'


def _row(
    cells: Sequence[str], widths: Sequence[int], aligned: Sequence[str], *, head: bool = False
) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E6E6E6"/>' if head else ""
    middle = '<w:vAlign w:val="center"/>'
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{shade}{middle}</w:tcPr>'
        f"{_paragraph(text, align, 9.5)}</w:tc>"
        for text, wide, align in zip(cells, widths, aligned, strict=True)
    )
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{made}</w:tr>"
