"""YAML text as a tree of nodes that know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from core.reference.text_files import shown
from core.values.errors import ReferenceDataError

_KINDS = {
    "str": "文字列",
    "int": "整数",
    "float": "小数",
    "bool": "真偽値",
    "null": "空欄",
    "timestamp": "日付",
    "map": "見出しの集まり",
    "seq": "一覧",
}


class _PlainLoader(yaml.SafeLoader):
    """Refuses aliases: a value is written where it stands, and no tree contains itself."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "別名(*)は使えません", mark)
        return super().compose_node(parent, index)


def compose(name: str, text: str) -> yaml.MappingNode:
    """The one mapping a file consists of.

    Raises:
        ReferenceDataError: Not YAML, or not a mapping.
    """
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ReferenceDataError(
            shown(name),
            mark.line + 1 if mark else None,
            f"YAMLの書き方に誤りがあります({error.problem})。",
        ) from None
    except yaml.reader.ReaderError as error:
        raise ReferenceDataError(
            shown(name),
            text[: error.position].count("\n") + 1,
            "YAMLに書けない文字(制御文字)があります。",
        ) from None
    if not isinstance(node, yaml.MappingNode):
        raise ReferenceDataError(
            shown(name), line_of(node) if node else None, "「見出し: 値」の形で書いてください。"
        )
    return node


def line_of(node: yaml.Node) -> int:
    """1-based line a node begins on."""
    line: int = node.start_mark.line
    return line + 1


def kind_of(node: yaml.Node) -> str:
    """What a node is, in Japanese: 文字列, 整数, 日付, …"""
    return _KINDS.get(tag_of(node), tag_of(node))


def tag_of(node: yaml.Node) -> str:
    """Short YAML tag: str, int, map, seq, null, …"""
    return str(node.tag).removeprefix("tag:yaml.org,2002:")


def is_whole(text: str) -> bool:
    """Whether a scalar is a plain decimal number, not 0x10, 1_000 or 0123 (octal).

    Examples:
        >>> is_whole("40213"), is_whole("010"), is_whole("1_000")
        (True, False, False)
    """
    return re.fullmatch(r"-?(0|[1-9][0-9]*)", text) is not None


def scalars(node: yaml.Node, key: str = "") -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Every scalar below a node with the key it stands under; list items keep their list's key."""
    if isinstance(node, yaml.ScalarNode):
        yield key, node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item, key)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from scalars(value, str(name.value))
