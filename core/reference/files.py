"""Files of a pack: text, YAML and CSV, read into declarations; every refusal names its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from core.reference.facts import RefusalError
from core.values.errors import ReferenceDataError
from core.values.free_text import refused_character

T = TypeVar("T")
Place = tuple[str | int, ...]

_KINDS = {
    "str": "文字列",
    "int": "整数",
    "float": "小数",
    "bool": "真偽値",
    "NoneType": "空欄",
    "dict": "見出しの集まり",
    "tuple": "一覧",
}
_REASONS = {
    "missing": "見出し「{key}」がありません。",
    "string_type": "「{key}」は文字列(数字だけのときは引用符で囲む)で書いてください(今は{kind})。",
    "string_pattern_mismatch": "「{key}」が空です。",
    "string_too_long": "「{key}」は{max_length}文字までです: {input}",
    "int_type": "「{key}」は整数で書いてください(今は{kind})。",
    "bool_type": "「{key}」は true か false で書いてください(今は{kind})。",
    "tuple_type": "「{key}」は一覧で書いてください(今は{kind})。",
    "dict_type": "「{key}」は見出しの集まりで書いてください(今は{kind})。",
    "model_type": "「{key}」は「見出し: 値」の形で書いてください(今は{kind})。",
    "float_parsing": "「{key}」は小数で書いてください: {input}",
    "finite_number": "「{key}」は小数で書いてください: {input}",
    "greater_than_equal": "「{key}」は{ge}以上で書いてください: {input}",
    "less_than_equal": "「{key}」は{le}以下で書いてください: {input}",
    "enum": "「{key}」は{expected}のどれかです: {input}",
    "literal_error": "「{key}」は{expected}のどれかです: {input}",
}
_OTHERWISE = "「{key}」の書き方に誤りがあります: {input}"


class Trees(Protocol):
    """Where the files of a pack are: a folder, or what the secretariat keeps (カタログ)."""

    def holds(self, name: str) -> bool:
        """Whether there is a file of that name."""

    def mapping(self, name: str) -> Read:
        """The mapping a YAML file consists of."""

    def rows(self, name: str, columns: str, optional: str = "") -> Read:
        """The rows of a CSV file, each a mapping of texts with its ``line``."""

    def text(self, name: str) -> str:
        """A whole file as text."""


@dataclass(frozen=True)
class Files:
    """The files of a folder."""

    root: Path

    def holds(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return (self.root / name).is_file()

    def mapping(self, name: str) -> Read:
        """The mapping a YAML file consists of."""
        return _tree(name, read_text(self.root, name))

    def rows(self, name: str, columns: str, optional: str = "") -> Read:
        """The rows of a CSV file."""
        return _rows(name, columns, optional, read_text(self.root, name))

    def text(self, name: str) -> str:
        """A whole file as text."""
        return read_text(self.root, name)


@dataclass(frozen=True)
class Folder:
    """A pack and what is known of it so far.

    Attributes:
        known: What declarations may ask for beside their own file: ``sources``, ``lots``, ….
        read: Every file read so far, as it stands: texts, numbers, mappings, rows without lines.
    """

    trees: Trees
    known: Mapping[str, Any] = field(default_factory=dict)
    read: dict[str, Any] = field(default_factory=dict)

    def knowing(self, **more: object) -> Folder:
        """The same folder, more being known of it."""
        return Folder(self.trees, {**self.known, **more}, self.read)

    def mapping(self, name: str, declared: type[T]) -> T:
        """The mapping a YAML file consists of.

        Raises:
            ReferenceDataError: It cannot be read, or is not as declared.
        """
        found = self.trees.mapping(name)
        self.read[name] = found.value
        return self._read(name, TypeAdapter(declared), found)

    def mapping_if_there(self, name: str, declared: type[T]) -> T | None:
        """The same of a part that a prefecture may not offer; None when there is no such file."""
        return self.mapping(name, declared) if self.trees.holds(name) else None

    def table(self, name: str, columns: str, declared: TypeAdapter[T], optional: str = "") -> T:
        """The rows of a CSV file; without a column ``source`` some source must list the file.

        Args:
            columns: Its header, separated by commas.
            optional: Columns that may follow, in this order.
            declared: What the rows are; surrounding spaces are kept out of cells.

        Raises:
            ReferenceDataError: It cannot be read, or is not as declared.
        """
        rows = self.trees.rows(name, columns, optional)
        self.read[name] = tuple({k: v for k, v in row.items() if k != "line"} for row in rows.value)
        sources = self.known["sources"]
        if (
            "source" not in columns.split(",")
            and sources is not None
            and not any(name in source.files for source in sources.values())
        ):
            raise ReferenceDataError(
                shown(name),
                None,
                "出典がありません(sources.yamlのどのfilesにもこのファイルがない)。",
            )
        return self._read(name, declared, rows)

    def table_if_there(
        self, name: str, columns: str, declared: TypeAdapter[tuple[T, ...]]
    ) -> tuple[T, ...]:
        """The same of what nobody may have published yet; none when there is no such file."""
        return self.table(name, columns, declared) if self.trees.holds(name) else ()

    def text(self, name: str) -> str:
        """A whole file as text; empty when there is none."""
        if not self.trees.holds(name):
            return ""
        self.read[name] = self.trees.text(name)
        return str(self.read[name])

    def _read(self, name: str, declared: TypeAdapter[T], text: Read) -> T:
        for place, words in _texts(text.value):
            if unseen := refused_character(words):
                reason = f"使えない文字「{unseen}」があります。消してください。"
                raise ReferenceDataError(shown(name), text.line(place) or None, reason)
        context = {**self.known, "holds": self.trees.holds, "file": name}
        try:
            return declared.validate_python(text.value, context=context)
        except ValidationError as error:
            found = [(*text.refusal(each), each["loc"]) for each in error.errors(include_url=False)]
            refusals = [
                ReferenceDataError(shown(name), line or None, reason, place)
                for line, reason, place in sorted(found, key=itemgetter(0))
            ]
            raise refusals[0].with_others(refusals[1:]) from None


@dataclass
class Read:
    """Values with the line of each: of a key, of an item of a list, of a row; None without lines."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Of the innermost that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)

    def refusal(self, error: ErrorDetails) -> tuple[int, str]:
        """Line and reason of one thing that is not as declared."""
        place, context = error["loc"], error.get("ctx", {})
        reason = context.get("error")
        if isinstance(reason, RefusalError):
            said = str(reason).replace("{like}", str(self.line(place + reason.like)))
            return self.line(place + reason.at), said
        words = {
            "key": next((str(each) for each in reversed(place) if isinstance(each, str)), ""),
            "kind": _KINDS.get(type(error["input"]).__name__, ""),
            "input": error["input"],
            **context,
        }
        if "expected" in words:
            words["expected"] = "、".join(re.findall(r"'([^']+)'", str(words["expected"])))
        template = "「{key}」: {error}" if reason else _REASONS.get(error["type"], _OTHERWISE)
        return self.line(place), template.format_map(words)


def _texts(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text of what was read, and where it stands."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*place, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*place, number))


def shown(name: str) -> str:
    """How messages name a file of a pack, wherever the folder lies.

    Examples:
        >>> shown("plans.yaml")
        'data/plans.yaml'
    """
    return f"data/{name}"


def read_text(root: Path, name: str) -> str:
    """Whole text of a file, UTF-8 with or without a byte order mark.

    Raises:
        ReferenceDataError: Missing, unreadable, empty, or not UTF-8 (with the line of the first
            byte that is not).
    """
    try:
        content = (root / name).read_bytes()
    except FileNotFoundError:
        raise ReferenceDataError(shown(name), None, "ファイルがありません。") from None
    except OSError as error:
        raise ReferenceDataError(
            shown(name), None, f"ファイルを読めません({error.strerror})。"
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ReferenceDataError(
            shown(name), line, "文字コードがUTF-8ではありません。UTF-8で保存し直してください。"
        ) from None
    if not text.strip():
        raise ReferenceDataError(shown(name), None, "ファイルが空です。")
    return text


class _PlainLoader(yaml.SafeLoader):
    """Refuses aliases: a value is written where it stands, and no tree contains itself."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "別名(*)は使えません", mark)
        return super().compose_node(parent, index)


def _tree(name: str, text: str) -> Read:
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        reason = f"YAMLの書き方に誤りがあります({error.problem})。"
        raise ReferenceDataError(shown(name), line, reason) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        reason = "YAMLに書けない文字(制御文字)があります。"
        raise ReferenceDataError(shown(name), line, reason) from None
    if not isinstance(node, yaml.MappingNode):
        line = _line(node) if node else None
        raise ReferenceDataError(shown(name), line, "「見出し: 値」の形で書いてください。")
    read = Read(lines={(): _line(node)})
    read.value = _plain(name, node, (), read.lines)
    return read


def _plain(name: str, node: yaml.Node, place: Place, lines: dict[Place, int]) -> object:
    """A node as mappings, tuples and scalars; dates stay text, numbers are decimal."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in found:
                reason = f"見出し「{key}」が重複しています。"
                raise ReferenceDataError(shown(name), _line(key_node), reason)
            lines[*place, key] = _line(key_node)
            found[key] = _plain(name, value, (*place, key), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        lines.update({(*place, index): _line(item) for index, item in enumerate(node.value)})
        return tuple(
            _plain(name, item, (*place, index), lines) for index, item in enumerate(node.value)
        )
    text, tag = str(node.value), str(node.tag).removeprefix("tag:yaml.org,2002:")
    if tag == "null":
        return None
    if tag == "bool" and text in ("true", "false"):
        return text == "true"
    if tag == "int" and re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if tag == "float" and re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text)
    if tag in ("str", "timestamp"):
        return text
    raise ReferenceDataError(
        shown(name),
        _line(node),
        f"10進の数、true か false、引用符で囲んだ文字列のどれかで書いてください: {text}",
    )


def _line(node: yaml.Node) -> int:
    line: int = node.start_mark.line
    return line + 1


def _rows(name: str, columns: str, optional: str, text: str) -> Read:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, str | int]] = []
    lines: dict[Place, int] = {(): 1}
    try:
        header = next(reader)
        more = [each for each in optional.split(",") if each in header]
        if header != [*columns.split(","), *more]:
            may = f"、そのあとに書ける列: {optional}" if optional else ""
            reason = f"列名が違います(必要な列: {columns}{may}、今の列: {','.join(header)})。"
            raise ReferenceDataError(shown(name), 1, reason)
        for cells in filter(None, reader):
            if len(cells) != len(header):
                reason = f"列の数が違います(必要: {len(header)}、今: {len(cells)})。"
                raise ReferenceDataError(shown(name), reader.line_num, reason)
            lines[(len(rows),)] = reader.line_num
            row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            rows.append({**row, "line": reader.line_num})
    except csv.Error as error:
        reason = f"CSVの書き方に誤りがあります({error})。"
        raise ReferenceDataError(shown(name), reader.line_num, reason) from None
    if not rows:
        raise ReferenceDataError(shown(name), 1, "列名だけで、行がありません。")
    return Read(tuple(rows), lines)
