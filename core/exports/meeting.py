"""The workbook of a kept moment (控え): what was shown, months later as on the day."""

from __future__ import annotations

from collections.abc import Iterator

from core.exports.book import Book, Cell, Column
from core.exports.file import file_name
from core.exports.kpi.wording import source_words
from core.figures.scenes.scene import Scene
from core.reference.pack import Reference
from core.store.meetings import Frozen
from core.values.figure import plain_number
from core.values.fiscal import JAPAN

FIGURES = "数字"
_COLUMNS = (
    Column("場面", 24),
    Column("項目", 26),
    Column("値", 16),
    Column("単位", 8),
    Column("補足", 30),
    Column("実績・予定", 12),
    Column("集計基準", 40),
    Column("基準日", 18),
    Column("定義", 60),
    Column("出典", 50),
)
_WIDEST = 60


def meeting_workbook(frozen: Frozen, *, reference: Reference, made_up: bool) -> bytes:
    """One sheet of figures with everything they owe, one for the table of each scene.

    Numbers are numbers, 不明 is text. Equal arguments give equal bytes, so what was recorded
    after the moment cannot change the file.
    """
    moment = frozen.moment
    at = moment.frozen_at.astimezone(JAPAN)
    book = Book(f"会議の控え {moment.name}", at, made_up=made_up)
    book.table(
        FIGURES,
        _COLUMNS,
        _figures(frozen, reference),
        title=moment.name,
        under=f"控えを取った時刻 {at:%Y-%m-%d %H:%M:%S}・基準日 {moment.as_of.isoformat()}・"
        f"データ改訂番号 {moment.revision}・番号 {moment.freeze_id}",
        frozen=2,
    )
    for scene in frozen.scenes:
        if scene.rows:
            book.table(
                scene.title,
                [Column(name, _width(scene, place)) for place, name in enumerate(scene.columns)],
                (tuple(_cell(place, text) for place, text in enumerate(row)) for row in scene.rows),
                title=scene.title,
                under=scene.sentence,
                frozen=1,
            )
    return book.finished()


def meeting_file_name(frozen: Frozen, *, made_up: bool) -> str:
    """Name a reader finds again."""
    at = frozen.moment.frozen_at.astimezone(JAPAN)
    parts = ("会議の控え", frozen.moment.name, f"{at:%Y%m%d_%H%M}")
    return file_name(*parts, suffix=".xlsx", made_up=made_up)


def _figures(frozen: Frozen, reference: Reference) -> Iterator[tuple[Cell, ...]]:
    for scene in frozen.scenes:
        for big in scene.figures:
            figure = big.figure
            yield (
                scene.title,
                figure.label,
                "不明" if figure.value is None else plain_number(figure.value),
                figure.unit,
                big.beside,
                figure.status.label,
                figure.basis,
                figure.as_of,
                figure.definition,
                source_words(figure.source, reference),
            )


def _width(scene: Scene, place: int) -> int:
    texts = (scene.columns[place], *(row[place] for row in scene.rows))
    return min(max(2 * len(text) for text in texts) + 2, _WIDEST)


def _cell(place: int, text: str) -> Cell:
    """A number as a number, so that it can be added up; everything else as it was shown."""
    plain = text.removesuffix("円").replace(",", "")
    return int(plain) if place and plain.isdecimal() else text
