"""これからの研修: the next days, and how many there are."""

from __future__ import annotations

from core.scenes.material import Material, TrainingAhead
from core.scenes.scene import BigFigure, Scene, SceneMaker
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import era_date

_SHOWN = 6
_WEEKDAYS = "月火水木金土日"


def make(material: Material) -> Scene:
    """日程 ahead; the table holds the next ones."""
    ahead = material.trainings
    following = ahead[0] if ahead else None
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            BigFigure(
                Figure(
                    label="これからの日程",
                    value=len(ahead),
                    unit="回",
                    definition="基準日以後に開かれる研修の日程の数。",
                    basis="案内済みの日程。中止を除く。",
                    as_of=day_label(material.as_of),
                    source=following.source if following else LEDGER_SOURCE,
                    status=Status.PLANNED,
                ),
                f"次は{(following.day - material.as_of).days}日後" if following else "",
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
            for each in ahead[:_SHOWN]
        ),
        sources=tuple(dict.fromkeys(each.source for each in ahead)) or (LEDGER_SOURCE,),
    )


def _day(each: TrainingAhead) -> str:
    return f"{era_date(each.day)}({_WEEKDAYS[each.day.weekday()]})"


MAKER = SceneMaker("trainings", "これからの研修", "次に開かれる研修を見せます。", make)
