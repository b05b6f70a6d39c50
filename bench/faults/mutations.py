"""Ways to damage a file, by chance and by what it is made of; the same seed, the same damage."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

HOSTILE = (
    "", "0", "-1", "1e999", "nan", "999999999999999999999", "2000000000", "1048577", "XFE1", "A0",
    "=1+1", "=cmd|'/c calc'!A0", "@SUM(A1)", "+81", "'", '"', '""', "_xD800_", "_x0000_", "&#0;",
    "&#xD800;", "\u202e山田", "\ufeff", "\ue000", "a" * 40_000, "令和99年13月45日", "9999-12-31",
    "<img src=x>", "../../etc/passwd", "%s%n", "訂正", "記録番号", "\U000e0100", "１２３", "١٢٣", "²",
    "🏴\U000e0067", "\x1b[31m", "\x85", "\u2028",
)  # fmt: skip
"""Values that broke some program once."""

Mutation = Callable[[Random, bytes], bytes]

LARGEST = 3_000_000
"""Bytes a part may grow to: files are small, as those that are mailed about."""


def times(chance: Random, size: int, *wanted: int) -> int:
    """How often something of a size may be repeated."""
    return min(chance.choice(wanted), max(1, LARGEST // max(1, size)))


def at_random(chance: Random, content: bytes) -> bytes:
    """Some bytes other than they were, gone, doubled, or somewhere else."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(data) + 1)
        length = min(chance.choice((1, 2, 4, 16, 200, 5_000)), len(data) - at)
        piece = bytes(data[at : at + length])
        match chance.randrange(6):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = piece * times(chance, len(data) + length, 1, 3, 50)
            case 3:
                data[at:at] = chance.randbytes(length)
            case 4:
                data[at : at + 4] = struct.pack(
                    "<I", chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(data)))
                )
            case _:
                data[at:at] = chance.choice(HOSTILE).encode("utf-8", "surrogatepass")
    return bytes(data)


def cut_off(chance: Random, content: bytes) -> bytes:
    """The beginning, or the end."""
    at = chance.randrange(len(content) + 1)
    return content[:at] if chance.random() < 0.8 else content[at:]


def spliced(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """The beginning of one and the end of another."""
    other = chance.choice(others)
    return content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other)) :]


# ── text ──────────────────────────────────────────────────────────────────────────────────────


def as_table(chance: Random, content: bytes) -> bytes:
    """A CSV with other cells, separators, line ends or another encoding."""
    lines = content.decode("utf-8", "replace").split("\n")
    for _ in range(chance.choice((1, 2, 5))):
        place = chance.randrange(len(lines))
        cells = lines[place].split(",")
        match chance.randrange(8):
            case 0 | 1 | 2:
                cells[chance.randrange(len(cells))] = chance.choice(HOSTILE)
            case 3:
                cells.insert(chance.randrange(len(cells) + 1), chance.choice(HOSTILE))
            case 4:
                cells.pop(chance.randrange(len(cells)))
            case 5:
                cells *= times(chance, len(lines[place]), 2, 30, 3_000)
            case 6:
                cells = [f'"{cell}' for cell in cells]
            case _:
                lines.insert(place, lines[chance.randrange(len(lines))])
        lines[place] = ",".join(cells)
    text = chance.choice(("\n", "\r\n", "\r", "\n\n", "\0")).join(lines)
    if chance.random() < 0.2:
        text = text.replace(",", chance.choice(("\t", ";", "、", ",,")))
    encoding = chance.choice(
        ("utf-8",) * 5
        + ("utf-8-sig", "cp932", "utf-16", "utf-16-le", "euc_jp", "iso2022_jp", "utf-32", "utf-7")
    )
    return text.encode(encoding, "replace")


# ── XML and zip ───────────────────────────────────────────────────────────────────────────────

_VALUE = re.compile(rb'"[^"<>]{0,200}"')
_ELEMENT = re.compile(rb"<[A-Za-z][^<>]*>")
_TEXT = re.compile(rb">[^<>]+<")


def as_xml(chance: Random, content: bytes) -> bytes:
    """Other values, texts and elements, some of them a thousand times."""
    hostile = chance.choice(HOSTILE).encode("utf-8", "surrogatepass")
    match chance.randrange(9):
        case 0 | 1 | 2:
            return _replaced(chance, _VALUE, content, lambda _: b'"' + hostile + b'"')
        case 3:
            return _replaced(chance, _TEXT, content, lambda _: b">" + hostile + b"<")
        case 4:
            return _replaced(
                chance,
                _ELEMENT,
                content,
                lambda found: found * times(chance, len(found) + len(content), 2, 100, 20_000),
            )
        case 5:
            return _replaced(chance, _ELEMENT, content, lambda _: b"")
        case 6:
            declared = b"<!DOCTYPE x [<!ENTITY a '" + b"a" * 100 + b"'><!ENTITY b '&a;&a;'>]>"
            return content.replace(b"?>", b"?>" + declared, 1)
        case 7:
            encoding = chance.choice((b"utf-16", b"euc-jp", b"cp037", b"x-none", b"utf-7"))
            return re.sub(rb"encoding=[\"'][^\"']*[\"']", b'encoding="' + encoding + b'"', content)
        case _:
            return at_random(chance, content)


def _replaced(
    chance: Random, pattern: re.Pattern[bytes], content: bytes, made: Callable[[bytes], bytes]
) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    place = chance.choice(found)
    return content[: place.start()] + made(place[0]) + content[place.end() :]


def as_zip(chance: Random, content: bytes) -> bytes:
    """Parts damaged, lost, doubled, exchanged, renamed; a directory that lies."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        parts = []  # damaged before
    if not parts:
        return at_random(chance, content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randrange(len(parts))
        name, part = parts[place]
        match chance.randrange(10):
            case 0 | 1 | 2 | 3 | 4:
                parts[place] = name, as_xml(chance, part)
            case 5:
                parts.pop(place)
                parts = parts or [("x", b"")]
            case 6:
                parts.append((name.upper(), parts[chance.randrange(len(parts))][1]))
            case 7:
                other = chance.randrange(len(parts))
                parts[place], parts[other] = (name, parts[other][1]), (parts[other][0], part)
            case 8:
                ending = chance.choice(("../x", "a.exe", "vbaProject.bin", "x" * 60_000, "\\a\\b"))
                parts.append((ending, chance.randbytes(20)))
            case _:
                parts[place] = name, part * (times(chance, len(part), 1, 2, 50) - 1)
    packed = io.BytesIO()
    methods = (zipfile.ZIP_DEFLATED,) * 9 + (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)
    with zipfile.ZipFile(packed, "w", chance.choice(methods)) as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name[:65_000]), part, archive.compression)
    made = packed.getvalue()
    return _lying(chance, made) if chance.random() < 0.2 else made


def _lying(chance: Random, content: bytes) -> bytes:
    """A number in the directory other than it was."""
    data = bytearray(content)
    entries = [found.start() for found in re.finditer(rb"PK\x01\x02|PK\x05\x06", content)]
    at = chance.choice(entries) + chance.choice((8, 10, 12, 16, 20, 24, 28, 30, 42))
    data[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", chance.randbytes(4)))
    return bytes(data)


# ── PDF and pictures ──────────────────────────────────────────────────────────────────────────

_PDF_WORD = re.compile(rb"/[A-Za-z]+|\d+|stream|endstream|obj|endobj|xref")
_PDF_HOSTILE = (
    b"/JavaScript", b"/L#61unch", b"/ObjStm /First 1", b"/Filter /FlateDecode", b"/Filter 9 0 R",
    b"/EmbeddedFiles", b"/Encrypt 1 0 R", b"stream\n", b"endstream", b"obj", b"9" * 400, b"-1",
    b"/First/Filter[/FlateDecode", b"(((((", b"<<" * 3_000, b"#", b"#4", b"%%EOF",
)  # fmt: skip


def as_pdf(chance: Random, content: bytes) -> bytes:
    """Other names and numbers; streams that do not end, or are packed otherwise."""
    for _ in range(chance.choice((1, 2, 5))):
        content = _replaced(chance, _PDF_WORD, content, lambda _: chance.choice(_PDF_HOSTILE))
    if chance.random() < 0.3:
        packed = zlib.compress(b"A" * chance.choice((10, 5_000_000)))
        head = b"<</Type/ObjStm/First 1/Filter/FlateDecode>>stream\n"
        content = content.replace(b"endobj", b"endobj 9 0 obj" + head + packed + b"endstream", 1)
    return content


def as_picture(chance: Random, content: bytes) -> bytes:
    """Damaged between its first and its last bytes."""
    return content[:16] + at_random(chance, content[16:-12] or b"x") + content[-12:]
