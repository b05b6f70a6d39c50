"""The parts of an Office file, to be edited one by one; what is not touched stays byte for byte."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from core.exports.sheet_xml import WORKBOOK_PART
from core.imports.xml_tree import local, parsed, written
from core.inquiry.form.field import FormLayout

_TYPES = "[Content_Types].xml"
_WORKSHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_SHARED = frozenset(("image", "printerSettings", "oleObject", "package", "video", "audio"))
"""Kinds of parts that two sheets may refer to together."""
_LEFT_OUT = frozenset(("pivotTable", "slicer", "timeline", "queryTable"))
"""What belongs to one sheet alone and cannot be had twice."""


def form_package(layout: FormLayout, body: bytes) -> OfficePackage:
    """The parts of a form."""
    return OfficePackage({each.name: each.part for each in layout.sheets}, body)


def office_package(body: bytes) -> OfficePackage:
    """The parts of a document or a workbook, its sheets as it lists them."""
    package = OfficePackage({}, body)
    related = {
        key: to for key, kind, to, _ in package.relations(package.main) if kind == "worksheet"
    }
    for each in elements(parsed(package[package.main]), "sheet"):
        key = next((each.get(name) for name in each.attrib if name.endswith("}id")), "")
        if key in related:
            package.sheets[each.get("name", "")] = related[key]
    return package


class OfficePackage:
    """A file that was looked into when it came.

    Args:
        sheets: What was found in it then: part of each sheet of a workbook by its name, in order.

    Attributes:
        sheets: The same, each part as the file spells it.
        main: Part of the workbook or the document.
    """

    def __init__(self, sheets: Mapping[str, str], body: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            self._infos = {_plain(info.filename): info for info in archive.infolist()}
            self._parts = {name: archive.read(info) for name, info in self._infos.items()}
        self._related = 0
        self._case = {name.lower(): name for name in self._parts}
        listed = self.relations("")
        self.main = next(
            (target for _, kind, target, _ in listed if kind == "officeDocument"), WORKBOOK_PART
        )
        self.sheets = {name: self.name_of(part) for name, part in sheets.items()}

    def name_of(self, part: str) -> str:
        """A part's name as the file spells it."""
        return self._case.get(part.lower(), part)

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    def __getitem__(self, part: str) -> bytes:
        return self._parts[part]

    def get(self, part: str) -> bytes:
        """A part; empty where there is none."""
        return self._parts.get(self.name_of(part), b"")

    def __setitem__(self, part: str, content: bytes) -> None:
        self._parts[part] = content
        self._case.setdefault(part.lower(), part)

    def names(self) -> list[str]:
        """Every part."""
        return [*self._parts]

    def relations(self, part: str) -> list[tuple[str, str, str, bool]]:
        """Id, kind, target and whether that is outside, of what a part refers to now."""
        listed = self.name_of(_rels(part))
        if listed not in self:
            return []
        folder = part.rpartition("/")[0]
        found = []
        for each in parsed(self[listed]):
            outside = (each.get("TargetMode") or "").lower() == "external"
            target = each.get("Target") or ""
            if not outside:
                target = self.name_of(posixpath.normpath(posixpath.join(f"/{folder}", target))[1:])
            kind = (each.get("Type") or "").rpartition("/")[2]
            found.append((each.get("Id") or "", kind, target, outside))
        return found

    def saved(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._parts.items():
                info = self._infos.get(name) or zipfile.ZipInfo(name)
                archive.writestr(info, content, zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    # parts that are had twice

    def copied(self, part: str, mark: str) -> str:
        """A copy of a part with all that belongs to it alone; returns its name."""
        name = self._new_name(part, mark)
        self[name] = self[part]
        self._same_type(part, name)
        listed = self.name_of(_rels(part))
        if listed in self:
            self[_rels(name)] = self._copied_relations(part, listed, mark)
        return name

    def _copied_relations(self, part: str, listed: str, mark: str) -> bytes:
        root = parsed(self[listed])
        targets = {key: (kind, to, outside) for key, kind, to, outside in self.relations(part)}
        for relation in list(root):
            kind, target, outside = targets.get(relation.get("Id", ""), ("", "", True))
            if outside or kind in _SHARED:
                if not outside and target:
                    relation.set("Target", f"/{target}")
            elif kind in _LEFT_OUT or target not in self:
                root.remove(relation)
            else:
                relation.set("Target", f"/{self.copied(target, mark)}")
        return written(root)

    def _new_name(self, part: str, mark: str) -> str:
        stem, dot, ending = part.rpartition(".")
        name = f"{stem}_{mark}{dot}{ending}"
        while name.lower() in self._case:
            stem += "x"
            name = f"{stem}_{mark}{dot}{ending}"
        return name

    def _same_type(self, part: str, copy: str) -> None:
        """Declare a copy to be what its original is, where that is declared by name."""
        types = self[self.name_of(_TYPES)]
        found = re.search(
            rb"<(?:\w+:)?Override\b[^>]*PartName=[\"']/?"
            + re.escape(part.encode())
            + rb"[\"'][^>]*>",
            types,
            re.IGNORECASE,
        )
        if found is None:
            return
        declared = re.sub(
            rb"PartName=([\"'])[^\"']*\1",
            lambda _: b"PartName=" + quoteattr(f"/{copy}").encode(),
            found[0],
        )
        self[self.name_of(_TYPES)] = types[: found.end()] + declared + types[found.end() :]

    def without(self, kind: str) -> None:
        """Take away the part of a kind that the workbook refers to, and every word of it."""
        listed = self.name_of(_rels(self.main))
        root = parsed(self[listed])
        for key, found, target, outside in self.relations(self.main):
            if found != kind or outside:
                continue
            for relation in list(root):
                if relation.get("Id") == key:
                    root.remove(relation)
            self._parts.pop(target, None)
            types = parsed(self[self.name_of(_TYPES)])
            for each in list(types):
                if (each.get("PartName") or "").lstrip("/").lower() == target.lower():
                    types.remove(each)
            self[self.name_of(_TYPES)] = written(types)
        self[listed] = written(root)

    def related(self, part: str) -> str:
        """A new relation of the workbook to a sheet; returns its id."""
        listed = self.name_of(_rels(self.main))
        content = self[listed]
        self._related += 1
        key = f"noriai{self._related}"
        prefix = re.search(rb"<((?:\w+:)?)Relationship\b", content)
        end = content.rindex(b"</")
        tag = (prefix[1] if prefix else b"") + b"Relationship"
        words = f' Id="{key}" Type="{_WORKSHEET}" Target={quoteattr(f"/{part}")}/>'
        self[listed] = content[:end] + b"<" + tag + words.encode() + content[end:]
        return key


def elements(root: Any, *names: str) -> Iterator[Any]:
    """All elements of some names, whatever their namespace."""
    wanted = set(names)
    return (each for each in root.iter() if local(each) in wanted)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")
