"""これからの研修: the next days, and how many there are."""

from __future__ import annotations

from core.figures.registry import Said
from core.figures.scenes.scene import Scene, SceneMaker, big
from core.figures.trainings import ahead
from core.training.reach import KnownSession
from core.values.figure import LEDGER_SOURCE
from core.values.fiscal import era_date
from core.values.offer import OfferedPart

_SHOWN = 6
_WEEKDAYS = "月火水木金土日"


def make(said: Said) -> Scene:
    """日程 ahead; the table holds the next ones."""
    sessions = ahead(said.known, said.as_of)
    following = sessions[0] if sessions else None
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            big(
                said["trainings_ahead"],
                f"次は{(following.day - said.as_of).days}日後" if following else "",
            ),
        ),
        sentence=(
            f"次の研修は{_day(following)}の「{following.title}」です。"
            if following
            else "案内済みの研修はいまありません。決まり次第この画面に出ます。"
        ),
        chart=None,
        columns=("日", "研修", "会場・形式", "残席"),
        rows=tuple(
            (
                _day(each),
                each.title,
                each.place or "記載なし",
                "定員の記載なし" if each.seats_left is None else f"{each.seats_left}席",
            )
            for each in sessions[:_SHOWN]
        ),
        sources=tuple(dict.fromkeys(each.source or LEDGER_SOURCE for each in sessions))
        or (LEDGER_SOURCE,),
    )


def _day(each: KnownSession) -> str:
    return f"{era_date(each.day)}({_WEEKDAYS[each.day.weekday()]})"


MAKER = SceneMaker(
    "trainings",
    "これからの研修",
    "次に開かれる研修を見せます。",
    80,
    make,
    need=OfferedPart.TRAININGS,
)
