"""照会の集計 as slides: what the wall shows of an inquiry, every chart native."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

from core.exports.kpi.scene_page import add_scene
from core.exports.kpi.slide import Deck
from core.reference.pack import Reference
from core.values.errors import ConflictError
from core.values.fiscal import era_date
from core.views.meetings import WallAnswer


def inquiry_deck(
    answer: WallAnswer,
    made_on: date,
    *,
    reference: Reference,
    made_up: bool,
    step: Callable[[str], object] = lambda _: None,
) -> bytes:
    """A slide a question that is counted.

    Args:
        answer: All scenes of the inquiry (:func:`core.views.meetings.wall_view`).

    Raises:
        ConflictError: Its answers are hidden, or no question of it is counted.
    """
    if answer.sealed:
        raise ConflictError("結果を公開するまで、スライドは作れません。")
    if not answer.scenes or answer.unknown_set:
        raise ConflictError("数えて示す設問がないため、スライドは作れません。")
    deck = Deck(answer.name, made_up=made_up, step=step)
    deck.cover(
        answer.name,
        [
            f"基準日 {era_date(answer.as_of)}",
            f"作成日 {era_date(made_on)}  {reference.names.alliance}",
            "該当なし・無記入・未回答・0は別のものです。",
        ],
        "この資料の数字は、照会・回答の「集計」と会議の画面と同じ計算です。",
    )
    for scene in answer.scenes:
        add_scene(deck, scene)
    step("ファイルにまとめています")
    stream = BytesIO()
    deck.book.save(stream)
    return stream.getvalue()
