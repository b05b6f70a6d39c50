"""大きな数字: one number with its sentence."""

from __future__ import annotations

from core.scenes.material import Material
from core.scenes.scene import BigFigure, Scene, SceneMaker
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.money import yen_text


def make(material: Material) -> Scene:
    """のべ希望プラン: how many plans are wished for in all."""
    wanted = material.wanted
    year = material.fiscal_year.label
    places = len({wish.lg_code for wish in wanted})
    gross = sum(int(wish.gross) for wish in wanted)
    return Scene(
        key=MAKER.key,
        title=MAKER.title,
        figures=(
            BigFigure(
                Figure(
                    label="のべ希望プラン",
                    value=len(wanted),
                    unit="件",
                    definition="市町村が検討中・希望・予算要求・議決・契約としたプランの数の合計。",
                    basis=f"{year}分。辞退を除く。",
                    as_of=day_label(material.as_of),
                    source=LEDGER_SOURCE,
                    status=Status.ACTUAL,
                )
            ),
        ),
        sentence=(
            f"{year}に向けて、{places}団体がのべ{len(wanted)}件のプランを希望しています。歳出は合わせて{yen_text(gross)}です。"
            if wanted
            else f"{year}の希望はまだありません。右上のコードから希望を記録できます。"
        ),
        chart=None,
        columns=(),
        rows=(),
        sources=(LEDGER_SOURCE,),
    )


MAKER = SceneMaker("number", "希望されているプラン", "1つの数字を、会場の後ろまで見せます。", make)
