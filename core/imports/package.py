"""A zip of XML as Office writes it, looked at before anything in it is unpacked.

What Word, Excel and PowerPoint save is many parts in one zip. Its directory says how large each
becomes; nobody unpacks more than that, and nobody unpacks at all what says too much.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any
from xml.parsers import expat

from core.values.errors import DashboardError

MAX_PARTS = 10_000
"""Most parts of one file; a workbook of a hundred sheets has a few hundred."""
SUSPICIOUS, MAX_RATIO = 20_000_000, 400
"""From so many bytes on, a part that shrank further than this is no document.

A sheet of a million formatted rows shrinks to a fortieth or so; a zip can do a thousandth.
"""
SMALL = 20_000_000
"""Most bytes of a part that only says how others are to be read."""

_BLOCK = 1 << 18
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""Whatever ``zipfile`` says of a file that is none."""


class DamagedError(DashboardError):
    """Not what it should be, or broken."""


class OversizedError(DashboardError):
    """Unpacks to more than anybody sends."""


class LockedError(DashboardError):
    """Needs a password."""


class Package:
    """The parts of a file, found by name however it is spelt.

    Args:
        content: The file.
        most: Bytes all parts together may become; None where only single parts are read.

    Raises:
        DamagedError: No zip, or its directory makes no sense.
        OversizedError: Too many parts, or too large ones.
        LockedError: Parts are encrypted.
    """

    def __init__(self, content: bytes, most: int | None = None) -> None:
        with _damage():
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise OversizedError(f"{len(infos):,}個の部品に分かれています。")
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise LockedError("パスワードがかかっています。")
        if any(info.compress_type not in _METHODS for info in infos):
            raise DamagedError("zipの圧縮方式がOfficeのものではありません。")
        if most is not None and sum(info.file_size for info in infos) > most:
            raise OversizedError(f"展開すると{most // 1_000_000:,}MBを超えます。")
        self.parts: Mapping[str, zipfile.ZipInfo] = {
            info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos
        }
        self.names_twice = len(self.parts) < len(infos)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.parts

    @contextmanager
    def open(self, name: str, most: int) -> Iterator[IO[bytes]]:
        """A part, to be read to its end.

        Raises:
            DamagedError: It is not there, or broken.
            OversizedError: It says that it becomes more than ``most`` bytes.
        """
        info = self.parts.get(name.lower())
        if info is None:
            raise DamagedError(f"部品「{name[:80]}」がありません。")
        if info.file_size > most:
            raise OversizedError(f"部品「{name[:80]}」が{most // 1_000_000:,}MBを超えます。")
        if info.file_size > SUSPICIOUS and info.file_size > info.compress_size * MAX_RATIO:
            raise OversizedError(f"部品「{name[:80]}」が不自然に小さく圧縮されています。")
        with _damage(), self._zip.open(info) as stream:
            yield stream

    def read(self, name: str, most: int = SMALL) -> bytes:
        """A part whole. Raises as :meth:`open`."""
        with self.open(name, most) as stream:
            return stream.read()


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE:
        raise DamagedError("zipとして壊れています。") from None


Started = Callable[[str, dict[str, str]], None]
"""Told the name of an element without its prefix, and its attributes as written."""


def xml_parser(
    start: Started,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """A parser that keeps nothing, follows nothing and knows no entities.

    Office never writes a document type; what has one wants something to be expanded or fetched.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _BLOCK
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def _refuse_doctype(*_declared: Any) -> None:
    raise DamagedError("XMLに文書型の宣言があります。")


def local(name: str) -> str:
    """A name without its prefix: ``x:row`` and ``row`` are the same."""
    return name.rpartition(":")[2]


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """An attribute whatever its prefix (``r:id``, ``d:id``); empty when it is not there."""
    found = attributes.get(name)
    if found is not None:
        return found
    return next((value for key, value in attributes.items() if local(key) == name), "")


def blocks(
    stream: IO[bytes], parser: expat.XMLParserType, skipped: re.Pattern[bytes] | None = None
) -> Iterator[None]:
    """Feed a part block by block, pausing after each.

    Args:
        skipped: Whole elements, one after the other, that nobody needs to hear of.

    Raises:
        DamagedError: Not well-formed.
    """
    kept = b""
    try:
        while block := stream.read(_BLOCK):
            if skipped is not None:  # what the end of a block cut in two waits for the next
                block = skipped.sub(b"", kept + block)
                last = block.rfind(b"<row ")
                kept = block[last:] if last >= 0 and len(block) - last < _BLOCK else b""
                block = block[: len(block) - len(kept)]
            parser.Parse(block, False)
            yield
        parser.Parse(kept, True)
    except (expat.ExpatError, LookupError, ValueError):  # also an encoding that nobody knows
        raise DamagedError("XMLとして壊れています。") from None
    yield


def read_through(stream: IO[bytes], parser: expat.XMLParserType) -> None:
    """Feed a part whole. Raises as :func:`blocks`."""
    for _ in blocks(stream, parser):
        pass


def relations(package: Package, part: str) -> Iterator[tuple[str, str, str, bool]]:
    """What a part refers to: id, kind (last word of its type), target and whether that is outside.

    Args:
        part: Name of the part; empty for the file itself.
    """
    folder, _, name = part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels".lstrip("/")
    if listed not in package:
        return
    found: list[tuple[str, str, str, bool]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target, outside = attributes.get("Target", ""), attributes.get("TargetMode", "")
            kind = attributes.get("Type", "").rpartition("/")[2]
            is_outside = outside.lower() == "external"
            if not is_outside:
                target = _within(folder, target)
            found.append((attributes.get("Id", ""), kind, target, is_outside))

    with package.open(listed, SMALL) as stream:
        read_through(stream, xml_parser(start))
    yield from found


def _within(folder: str, target: str) -> str:
    """The name of a part from where another refers to it."""
    target = target.replace("\\", "/")
    steps: list[str] = []
    for step in (target if target.startswith("/") else f"{folder}/{target}").split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
