"""A part of an Office file as a tree, to be looked through and edited; imported where one is, since lxml is slow to begin."""

from __future__ import annotations

from typing import Any

from lxml import etree

from core.imports.package import DamagedError


def parsed(part: bytes) -> Any:
    """The root of a part; nothing in it is followed.

    Raises:
        DamagedError: It declares a document type, as Office never does.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(part, parser)
    if root.getroottree().docinfo.doctype:
        raise DamagedError("XMLに文書型の宣言があります。")
    return root


def written(root: Any) -> bytes:
    """A part as bytes."""
    body: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return body


def space_of(root: Any) -> str:
    """The namespace of a part, to be put before the names of its elements."""
    return f"{{{etree.QName(root).namespace}}}"


def local(element: Any) -> str:
    """Name of an element without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
