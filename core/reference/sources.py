"""Sources (出典), and reading a file only when what it cites is among them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.reference.entry import Entry
from core.reference.table import Row, read_rows
from core.reference.text_files import read_text, shown
from core.reference.yaml_tree import compose, line_of, scalars
from core.values.errors import ReferenceDataError

NAME = "sources.yaml"
_KEYS = "title publisher url licence date accessed note files used_for"


@dataclass(frozen=True)
class Source:
    """One 出典.

    Attributes:
        key: What values cite it by.
        title: 資料名.
        publisher: 発行者.
        url: Address; None when it has none.
        licence: What may be done with it, as far as known.
        date: Its date, as known, in words.
        accessed: Day it was looked at; None when unknown.
        note: What a reader must know; may be empty.
        files: Files of data/ that rest on it.
        used_for: What else rests on it; None when nothing does.
    """

    key: str
    title: str
    publisher: str
    url: str | None
    licence: str
    date: str
    accessed: datetime.date | None
    note: str
    files: tuple[str, ...]
    used_for: str | None


def read_sources(root: Path) -> dict[str, Source]:
    """Every source by key, in file order.

    Raises:
        ReferenceDataError: A source lacks something, names a file that is not there, or is of
            no use to anything.
    """
    entry = Entry(NAME, compose(NAME, read_text(root, NAME)), "sources")
    return {key: _source(root, key, below) for key, below in entry.named("sources", _KEYS).items()}


def _source(root: Path, key: str, entry: Entry) -> Source:
    source = Source(
        key=key,
        title=entry.text("title"),
        publisher=entry.text("publisher"),
        url=_url(entry),
        licence=entry.text("licence"),
        date=entry.text("date"),
        accessed=entry.day_or_none("accessed"),
        note=entry.any_text("note"),
        files=entry.texts("files"),
        used_for=entry.text_or_none("used_for"),
    )
    missing = [name for name in source.files if not (root / name).is_file()]
    if missing:
        raise entry.refusal(f"filesの{'、'.join(missing)}がありません。", "files")
    if not source.files and source.used_for is None:
        raise entry.refusal(f"出典「{key}」はどこにも使われていません。", "files")
    return source


def _url(entry: Entry) -> str | None:
    url = entry.text_or_none("url")
    if url is not None and not url.startswith(("https://", "http://")):
        raise entry.refusal(f"「url」はhttps://から書いてください: {url}", "url")
    return url


@dataclass(frozen=True)
class Folder:
    """data/ with its sources known: nothing is read from it that cites none, or an unknown one.

    Attributes:
        root: Where it lies.
        sources: By key.
    """

    root: Path
    sources: Mapping[str, Source]

    def entry(self, name: str, keys: str) -> Entry:
        """The mapping a YAML file consists of."""
        node = compose(name, read_text(self.root, name))
        cited = [
            (str(value.value), line_of(value)) for key, value in scalars(node) if key == "source"
        ]
        if not cited:
            raise ReferenceDataError(shown(name), None, "出典(source)が一つもありません。")
        for source, line in cited:
            self._check(name, line, source)
        return Entry(name, node, keys)

    def rows(self, name: str, header: tuple[str, ...]) -> tuple[Row, ...]:
        """The rows of a CSV file; without a ``source`` column, some source must list the file."""
        rows = read_rows(self.root, name, header)
        if "source" in header:
            for row in rows:
                self._check(name, row.line, row.text("source"))
        elif not any(name in source.files for source in self.sources.values()):
            raise ReferenceDataError(
                shown(name), None, f"出典がありません({NAME}のどのfilesにもこのファイルがない)。"
            )
        return rows

    def _check(self, name: str, line: int, key: str) -> None:
        if key not in self.sources:
            raise ReferenceDataError(shown(name), line, f"出典「{key}」は{NAME}にありません。")
        if name not in self.sources[key].files:
            raise ReferenceDataError(
                shown(name), line, f"{NAME}の「{key}」のfilesに{name}がありません。"
            )
