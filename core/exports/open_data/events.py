"""研修 in the layout of イベント一覧: one row per 日程."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time

from core.procurement.event import PREFECTURE, PREFECTURE_NAME
from core.reference.catalogue import Reference
from core.reference.corrections import corrections_text
from core.training.line import SessionLine
from core.training.vocabulary import TrainingState

HOW_TO_ENROL = "市町村の担当者が乗合(Noriai)の研修の画面から申し込む"
NO_TIME = "時刻は公表されていない"


@dataclass(frozen=True)
class Event:
    """A session and what its row needs beside it.

    Attributes:
        line: The session.
        theme: テーマ as a reader sees it.
        link: Address of the training's page.
        as_of: Day that decides 開催予定 or 終了.
        corrections: Where the text differs from the print, in words.
    """

    line: SessionLine
    theme: str
    link: str
    as_of: date
    corrections: str


def event_rows(
    lines: Iterable[SessionLine],
    reference: Reference,
    link: Callable[[str], str],
    as_of: date,
) -> tuple[tuple[str, ...], ...]:
    """One row per session in the columns of data/event_list_columns.csv.

    Args:
        lines: Sessions of trainings marked 公開可.
        reference: Columns and themes.
        link: ``training_id`` → address.
        as_of: Day that decides 開催予定 or 終了.
    """
    themes = reference.trainings.theme_labels
    fillers = [CELLS.get(column.name, _empty) for column in reference.event_columns]
    events = (
        Event(
            line,
            themes.get(line.content.theme, line.content.theme),
            link(line.training_id),
            as_of,
            corrections_text(
                reference.trainings.corrections_in(
                    line.training_id,
                    line.content.title,
                    line.content.purpose,
                    line.content.co_host,
                )
            ),
        )
        for line in lines
    )
    return tuple(tuple(fill(event) for fill in fillers) for event in events)


def _empty(_event: Event) -> str:
    return ""


def _clock(moment: time | None) -> str:
    return "" if moment is None else f"{moment:%H:%M}"


_OFF, _OVER, _AHEAD = "中止", "終了", "開催予定"


def _state(event: Event) -> str:
    if event.line.cancelled:
        return _OFF
    return _OVER if event.line.day < event.as_of else _AHEAD


def _formats(event: Event) -> str:
    return ";".join(each.label for each in event.line.session.formats or ())


def _deadline(event: Event) -> str:
    return "" if event.line.content.deadline is None else event.line.content.deadline.isoformat()


def _remark(event: Event) -> str:
    said = ""
    if event.line.training.state is TrainingState.CANCELLED:
        said = f"中止の理由: {event.line.training.reason}"
    elif event.line.session.cancelled:
        said = "この日程は取りやめ"
    return "。".join(filter(None, (said, event.corrections)))


CELLS: dict[str, Callable[[Event], str]] = {
    "全国地方公共団体コード": lambda _: PREFECTURE,
    "ID": lambda event: event.line.session_id,
    "地方公共団体名": lambda _: PREFECTURE_NAME,
    "イベント名": lambda event: event.line.content.title,
    "コンテンツURL": lambda event: event.link,
    "状態": _state,
    "キーワード": lambda event: event.theme,
    "タグ": _formats,
    "開始日": lambda event: event.line.day.isoformat(),
    "終了日": lambda event: event.line.day.isoformat(),
    "開始時間": lambda event: _clock(event.line.session.start),
    "終了時間": lambda event: _clock(event.line.session.end),
    "開始日時特記事項": lambda event: NO_TIME if event.line.session.start is None else "",
    "概要": lambda event: event.line.content.purpose,
    "説明": lambda event: event.line.content.covered,
    "イベント種類": lambda event: event.line.content.kind.value,
    "主催者": lambda event: event.line.content.host,
    "共催団体": lambda event: (event.line.content.co_host or "").replace("、", ";"),
    "対象者": lambda event: (
        event.line.content.audience.label if event.line.content.audience else ""
    ),
    "場所名称": lambda event: event.line.session.place or "",
    "定員": lambda event: (
        "" if event.line.session.capacity is None else str(event.line.session.capacity)
    ),
    "参加申込終了日": _deadline,
    "参加申込終了時間": lambda event: _clock(event.line.content.deadline_time),
    "参加申込方法": lambda event: HOW_TO_ENROL if _state(event) == _AHEAD else "",
    "備考": _remark,
}
"""What fills a column; the others of the layout stay empty."""
