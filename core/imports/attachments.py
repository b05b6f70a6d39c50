"""What is in a file somebody attaches, told by its content and never by its name.

Three answers: it may not be kept (it is not what it says, it would burst, it carries a program, a
macro, a command for another program), it may be kept and whoever opens it is told of something
(:class:`core.consultation.attachment.Finding`), or it is what it looks like. What cannot be looked
into is told, too. Runs in a process of its own: core.imports.reader_process.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from core.consultation.attachment import EXTENSIONS, Finding
from core.imports.package import (
    DamagedError,
    LockedError,
    OversizedError,
    Package,
    attribute,
    read_through,
    xml_parser,
)
from core.values.errors import DashboardError, InvalidInputError

_KINDS = "PDF、Word・Excel・PowerPoint(docx・xlsx・pptx)、PNG、JPEG、テキスト、CSV"
_MOST, _MOST_PARTS = 100 * 1024 * 1024, 5_000
_DEEPEST = 3
"""Documents within documents that are looked into."""

Found = set[Finding]


class _Refused(DashboardError):  # noqa: N818  no failure of ours
    """May not be kept; why, and what to do."""


def plain_findings(contents: Sequence[bytes], name: Any) -> Iterator[Any]:
    """What the reading process answers: kind of the file, and what is to be told of it.

    Args:
        contents: One file.
        name: Its safe name.

    Raises:
        InvalidInputError: Field ``attachments``: why it cannot be kept.
    """
    try:
        media_type, findings = inspected(str(name), contents[0])
    except _Refused as error:
        raise InvalidInputError({"attachments": f"添付「{name}」{error}"}) from None
    yield media_type, [finding.value for finding in Finding if finding in findings]


def inspected_workbook(name: str, content: bytes) -> tuple[Finding, ...]:
    """What is to be told of a workbook, in the order of ``Finding``.

    Raises:
        InvalidInputError: Field ``file``: no .xlsx, or what may not be kept.
    """
    if not name.lower().endswith(".xlsx"):
        raise InvalidInputError(
            {
                "file": f"「{name}」はExcelブック(.xlsx)ではありません。Excelで.xlsxに保存し直してください。"
            }
        )
    return _inspected_file(name, content)


def inspected_office(name: str, content: bytes) -> tuple[Finding, ...]:
    """The same of a Word document or a workbook.

    Raises:
        InvalidInputError: Field ``file``: neither .docx nor .xlsx, or what may not be kept.
    """
    if not name.lower().endswith((".docx", ".xlsx")):
        raise InvalidInputError(
            {
                "file": f"「{name}」はWord文書(.docx)でもExcelブック(.xlsx)でもありません。"
                "どちらかで保存し直してください。"
            }
        )
    return _inspected_file(name, content)


def _inspected_file(name: str, content: bytes) -> tuple[Finding, ...]:
    try:
        _, findings = inspected(name, content)
    except _Refused as error:
        raise InvalidInputError({"file": f"「{name}」{error}"}) from None
    return tuple(finding for finding in Finding if finding in findings)


def inspected(name: str, content: bytes) -> tuple[str, Found]:
    """Kind of a file and what is to be told of it.

    Raises:
        _Refused: Why it cannot be kept; continues 「添付「…」」.
    """
    if not content:
        raise _Refused("は空のファイルです。内容を確認してください。")
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in EXTENSIONS:
        raise _Refused(f"の種類は添付できません。添付できるのは{_KINDS}です。")
    media_type, reader = _READERS[extension]
    found: Found = set()
    try:
        reader(content, found)
    except _Refused as error:
        raise _Refused(f"は添付できません。{error}") from None
    return media_type, found


# ── pictures and texts ────────────────────────────────────────────────────────────────────────


def _png(content: bytes, _found: Found) -> None:
    if not (
        content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")
        and content.endswith(b"IEND\xaeB`\x82")
    ):
        raise _Refused("中身がPNG画像ではありません。")


def _jpeg(content: bytes, _found: Found) -> None:
    if not (content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0").endswith(b"\xff\xd9")):
        raise _Refused("中身がJPEG画像ではありません。")


_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|svg|script|\?xml)", re.IGNORECASE)
_PIECES = re.compile(r"[,;\t\r\n\"]")
_FORMULA = re.compile(r"\s*([=@＝＠]|[+\-＋－]\s*\w+[(|!])")
_COMMAND = re.compile(
    r"\s*([=@＝＠]\s*DDE\s*\(|[=@＝＠][^|]*\||[+\-＋－]\s*[\w.]+\|\s*')", re.IGNORECASE
)


def _text(content: bytes, found: Found) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            if _MARKUP.match(text[:1000]):
                found.add(Finding.MARKUP)
            return text
    raise _Refused("中身が文字のファイル(UTF-8かShift_JIS)ではありません。")


def _csv(content: bytes, found: Found) -> None:
    for piece in _PIECES.split(_text(content, found)):
        if _FORMULA.match(piece):
            if _COMMAND.match(piece):
                raise _Refused(_DDE)
            found.add(Finding.FORMULA)


# ── PDF ───────────────────────────────────────────────────────────────────────────────────────

_PDF_NAME = re.compile(
    rb"/(JavaScript|Rendition|RichMedia|XFA|Launch|EmbeddedFiles?|GoTo[RE]|ImportData|SubmitForm"
    rb"|Encrypt|ObjStm)(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
)
_PDF_FOUND: Mapping[bytes, Finding] = MappingProxyType(
    {
        b"JavaScript": Finding.SCRIPT,
        b"Rendition": Finding.SCRIPT,
        b"RichMedia": Finding.SCRIPT,
        b"XFA": Finding.SCRIPT,
        b"EmbeddedFile": Finding.EMBEDDED,
        b"EmbeddedFiles": Finding.EMBEDDED,
        b"GoToR": Finding.EXTERNAL,
        b"GoToE": Finding.EMBEDDED,
        b"ImportData": Finding.EXTERNAL,
        b"SubmitForm": Finding.EXTERNAL,
        b"Encrypt": Finding.UNSEEN,
    }
)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_HOLDS_OBJECTS = re.compile(rb"/ObjStm|/First[\s\d]")
_FILTERS = re.compile(rb"/Filter\s*(\[[^\]]*\]|/[A-Za-z0-9]+)")
_MOST_OBJECTS = 50_000_000
"""Bytes of packed objects that are looked through."""


def _pdf(content: bytes, found: Found) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise _Refused("中身がPDFではありません。")
    _pdf_names(content, found)
    room = _MOST_OBJECTS
    for match in _STREAM.finditer(content):
        begin = max(content.rfind(b"obj", 0, match.start()), match.start() - 2_000, 0)
        head = _spelt(content[begin : match.start()])
        if not _HOLDS_OBJECTS.search(head):
            continue
        end = content.find(b"endstream", match.end())
        objects = _unpacked(head, content[match.end() : end], room)
        if objects is None:
            found.add(Finding.UNSEEN)
        else:
            room -= len(objects)
            _pdf_names(objects, found)


def _spelt(names: bytes) -> bytes:
    """With every character that may be written as a number written out: ``#4a`` is J."""
    return _HEX.sub(lambda each: bytes([int(each[1], 16)]), names)


def _pdf_names(objects: bytes, found: Found) -> None:
    for name in set(_PDF_NAME.findall(_spelt(objects))):
        if name == b"Launch":
            raise _Refused(
                "ほかのプログラムを起動する指示が入っています。印刷してPDFに保存し直してください。"
            )
        if name in _PDF_FOUND:
            found.add(_PDF_FOUND[name])


def _unpacked(head: bytes, packed: bytes, room: int) -> bytes | None:
    """A stream of objects, when it is packed in the usual way; None when it is not."""
    if b"/Filter" not in head:
        return b""  # not packed: its names were seen already
    filters = _FILTERS.search(head)
    names = re.findall(rb"/([A-Za-z0-9]+)", filters[1]) if filters else []
    if names not in ([b"FlateDecode"], [b"Fl"]) or b"/Predictor" in head or room <= 0:
        return None
    unpacker = zlib.decompressobj()
    try:
        objects = unpacker.decompress(packed, room)
    except zlib.error:
        return None
    return objects if unpacker.eof else None


# ── Word, Excel, PowerPoint ───────────────────────────────────────────────────────────────────

_TYPES = "[content_types].xml"
_MACRO_NAME = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/|activex/)"
    r"|\.(docm|dotm|xlsm|xltm|xlsb|xlam|pptm|potm|ppsm|ppam)$"
)
_PROGRAM_NAME = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|lnk|jar|zip|iso|reg|chm|url)$"
)
_MACRO_KINDS = frozenset(
    "vbaProject wordVbaData control activeXControlBinary xlMacrosheet xlIntlMacrosheet "
    "attachedToolbars".lower().split()
)
_EMBEDDED_KINDS = frozenset({"oleobject", "package", "afchunk"})
_EXTERNAL_KINDS = frozenset({"connections", "externallinkpath", "externallink"})
_ADD_IN_KINDS = frozenset({"webextension", "webextensiontaskpanes", "taskpanes"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACRO = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
_OLE_PACKAGE = "\x01Ole10Native".encode("utf-16-le")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_MACRO = "マクロが入っています。マクロを除いた形式で保存し直してください。"
_PROGRAM = "プログラムが埋め込まれています。取り除いて保存し直してください。"
_WRAPPED = (
    "別のファイルがそのまま埋め込まれています(OLEパッケージ)。"
    "取り除き、必要なら別の添付にしてください。"
)
_DDE = "ほかのプログラムを動かす命令(DDE)が入っています。その数式やフィールドを消して保存し直してください。"


def _office(content: bytes, main_part: str, kind: str, found: Found) -> None:
    """A zip with the right parts, without macros, that does not burst."""
    if not content.startswith(b"PK\x03\x04"):
        raise _Refused(
            f"中身が{kind}ではありません(パスワード付き・旧形式の場合は、解除して保存し直してください)。"
        )
    try:
        package = Package(content, _MOST)
        if len(package.parts) > _MOST_PARTS:
            raise OversizedError("")
        if main_part not in package or _TYPES not in package:
            raise _Refused(f"中身が{kind}ではありません。")
        if re.search(rb"macroenabled|vbaproject", package.read(_TYPES), re.IGNORECASE):
            raise _Refused(_MACRO)
        _look_into(package, found, depth=1)
    except LockedError:
        raise _Refused("パスワードがかかっています。解除して保存し直してください。") from None
    except OversizedError:
        raise _Refused("展開すると大きすぎるファイルです。分けるかPDFにしてください。") from None
    except DamagedError:
        raise _Refused(f"{kind}として読めません。壊れていないか確認してください。") from None


def _look_into(package: Package, found: Found, depth: int) -> None:
    """Every part, whatever it is called: Office finds its parts by relation, not by name."""
    if package.names_twice:
        raise DamagedError("同じ名前の部品が2つあります。")
    for name in package.parts:
        if _MACRO_NAME.search(name):
            raise _Refused(_MACRO)
        if _PROGRAM_NAME.search(name):
            raise _Refused(_PROGRAM)
    for name in package.parts:
        _look_at(name, package.read(name, _MOST), found, depth)


def _look_at(name: str, part: bytes, found: Found, depth: int) -> None:
    if part.startswith(_OLE):
        if any(word in part for word in _OLE_MACRO):
            raise _Refused(_MACRO)
        if _OLE_PACKAGE in part:
            raise _Refused(_WRAPPED)
        found.add(Finding.EMBEDDED)
    elif part.startswith(b"PK\x03\x04"):
        _look_into_inner(part, found, depth)
    elif part.startswith(b"MZ"):
        raise _Refused(_PROGRAM)
    elif part[:64].lstrip().startswith((b"<", *_BOMS)):
        _look_at_xml(name, part, found)


def _look_into_inner(part: bytes, found: Found, depth: int) -> None:
    if depth >= _DEEPEST:
        found.add(Finding.UNSEEN)
        return
    try:
        _look_into(Package(part, _MOST), found, depth + 1)
    except (DamagedError, LockedError):
        found.add(Finding.UNSEEN)


_WORTH_READING = re.compile(
    rb"instr|\||&#|script|ddelink|olelink|externalbook|datamashup|macroenabled|vbaproject|activex"
    rb"|auto_|(webservice|rtd|image)\s*\(|<(\w+:)?relationship\b",
    re.IGNORECASE,
)
_USUAL = re.compile(rb'(\xef\xbb\xbf)?\s*(<\?xml version=["\']1\.[01]["\']'
                    rb'( encoding=["\'](utf-8|us-ascii)["\'])?|<[^?!])', re.IGNORECASE)  # fmt: skip


def _look_at_xml(name: str, part: bytes, found: Found) -> None:
    """One part of XML; read only when something in it may matter."""
    if _USUAL.match(part) and not _WORTH_READING.search(part):
        return
    reader = _PartReader(name, found)
    try:
        read_through(io.BytesIO(part), xml_parser(reader.start, reader.end, reader.text))
    except DamagedError:
        if name.endswith((".rels", ".xml")):
            raise
        found.add(Finding.UNSEEN)


_DDE_FORMULA = re.compile(r"[\w.\]]\s*\|[^!]*!")
_DDE_FIELD = re.compile(r"\s*DDE(AUTO)?\b", re.IGNORECASE)
_SPELT_FIELD = re.compile(r"\s*QUOTE(\s+\d+){3,}", re.IGNORECASE)
_FETCHING_FIELD = re.compile(r"\s*(INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|RD|DATABASE)\b", re.I)
_FETCHING_FUNCTION = re.compile(r"\b(WEBSERVICE|RTD|IMAGE)\s*\(", re.IGNORECASE)
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName", "oleFormula"})


class _PartReader:
    """Looks for what acts: fields of Word, formulas of Excel, relations, scripts."""

    def __init__(self, name: str, found: Found) -> None:
        self._name, self._found = name, found
        self._fields: list[list[str]] = []
        self._heard: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self._relation(attributes)
        elif name in ("instrText", "delInstrText"):
            self._heard = self._fields[-1] if self._fields else []
        elif name == "fldSimple":
            self._field(attribute(attributes, "instr"))
        elif name == "fldChar":
            kind = attribute(attributes, "fldCharType")
            if kind == "begin":
                self._fields.append([])
            elif self._fields:
                self._field("".join(self._fields.pop()))
                if kind == "separate":
                    self._fields.append([])
        elif name in _FORMULAS:
            self._heard = []
            if name == "definedName":
                self._name_of_range(attributes.get("name", ""))
        elif name == "ddeLink":
            raise _Refused(_DDE)
        elif name in ("oleLink", "externalBook", "DataMashup"):
            self._found.add(Finding.EXTERNAL)
        elif name == "script":
            self._found.add(Finding.SCRIPT)
        elif name in ("Override", "Default"):
            kind = attributes.get("ContentType", "").lower()
            if "macroenabled" in kind or "vbaproject" in kind or "activex" in kind:
                raise _Refused(_MACRO)

    def text(self, text: str) -> None:
        if self._heard is not None:
            self._heard.append(text)

    def end(self, name: str) -> None:
        if name in _FORMULAS and self._heard is not None:
            formula = re.sub(r'"[^"]*"', "", "".join(self._heard))
            if _DDE_FORMULA.search(formula):
                raise _Refused(_DDE)
            if _FETCHING_FUNCTION.search(formula):
                self._found.add(Finding.EXTERNAL)
            self._heard = None
        elif name in ("instrText", "delInstrText"):
            if not self._fields and self._heard is not None:
                self._field("".join(self._heard))
            self._heard = None

    def _field(self, instruction: str) -> None:
        if _DDE_FIELD.match(instruction) or _SPELT_FIELD.match(instruction):
            raise _Refused(_DDE)
        if _FETCHING_FIELD.match(instruction):
            self._found.add(Finding.EXTERNAL)

    def _name_of_range(self, name: str) -> None:
        if re.match(r"(_xlnm\.)?auto_(open|close|activate)", name, re.IGNORECASE):
            raise _Refused(_MACRO)

    def _relation(self, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        outside = attributes.get("TargetMode", "").lower() == "external"
        if kind in _MACRO_KINDS:
            raise _Refused(_MACRO)
        if kind in _ADD_IN_KINDS:
            self._found.add(Finding.ADD_IN)
        elif outside and kind != "hyperlink":
            if kind != "attachedtemplate" or _elsewhere(target):
                self._found.add(Finding.EXTERNAL)
        elif kind in _EXTERNAL_KINDS:
            self._found.add(Finding.EXTERNAL)
        elif kind in _EMBEDDED_KINDS and "charts/" not in self._name:
            self._found.add(Finding.EMBEDDED)  # behind every chart lies its table: no surprise


def _elsewhere(target: str) -> bool:
    """Whether a target lies on another machine: Word names the template on the writer's own."""
    return not re.match(r"(file:/*)?[A-Za-z]:[\\/]|[^:/\\]*$", target)


_OFFICE_TYPE = "application/vnd.openxmlformats-officedocument."
_Reader = Callable[[bytes, Found], object]
_READERS: Mapping[str, tuple[str, _Reader]] = MappingProxyType(
    {
        "pdf": ("application/pdf", _pdf),
        "docx": (
            f"{_OFFICE_TYPE}wordprocessingml.document",
            lambda content, found: _office(content, "word/document.xml", "Word文書", found),
        ),
        "xlsx": (
            f"{_OFFICE_TYPE}spreadsheetml.sheet",
            lambda content, found: _office(content, "xl/workbook.xml", "Excelブック", found),
        ),
        "pptx": (
            f"{_OFFICE_TYPE}presentationml.presentation",
            lambda content, found: _office(
                content, "ppt/presentation.xml", "PowerPoint資料", found
            ),
        ),
        "png": ("image/png", _png),
        "jpg": ("image/jpeg", _jpeg),
        "jpeg": ("image/jpeg", _jpeg),
        "txt": ("text/plain", _text),
        "csv": ("text/csv", _csv),
    }
)
