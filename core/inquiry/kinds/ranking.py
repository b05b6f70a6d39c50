"""順位: n places with points, each option once (次期共同調達の希望: 1位 = 2点、2位 = 1点)."""

from __future__ import annotations

from collections.abc import Iterable

from core.inquiry.answer import Value, is_blank
from core.inquiry.kinds.kind import (
    Kind,
    Plain,
    Said,
    Scope,
    TallyLine,
    dropped,
    option_problems,
)
from core.inquiry.question import Option, Question

POINT = "点"


class _Ranking(Plain):
    key = "ranking"
    label = "順位(投票)"
    uses = frozenset({"options", "points"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        problems = option_problems(question)
        points = question.points
        if not points or min(points) < 1:
            problems["points"] = "順位ごとの点数を1点以上で入力してください(例: 2、1)。"
        elif list(points) != sorted(points, reverse=True):
            problems["points"] = "点数は上の順位ほど多いか同じにしてください(例: 2、1)。"
        elif len(points) > len(question.options):
            problems["points"] = (
                f"選択肢が{len(question.options)}個なので、順位は{len(question.options)}位までです。"
            )
        return problems

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        known = [each.key for each in question.options]
        places = list(typed) if isinstance(typed, list | tuple) else []
        places = [None if is_blank(each) else each for each in places]
        while places and places[-1] is None:
            places.pop()
        if not places or len(places) > len(question.points):
            raise ValueError("1位から順に選んでください。")
        for place, chosen in enumerate(places, start=1):
            if chosen is None:
                raise ValueError(f"{place}位が空いています。上の順位から順に選んでください。")
            if chosen not in known:
                raise ValueError(f"{place}位を選び直してください。")
            first = places.index(chosen) + 1
            if first < place:
                raise ValueError(
                    f"「{question.option(chosen)}」が{first}位と{place}位にあります。"
                    "同じものは1度だけ選べます。"
                )
        return places

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return "、".join(
            f"{place}位 {question.option(str(each))}" for place, each in enumerate(value, start=1)
        )

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        return tuple(_line(line, question, said) for line in standings(question, said))

    def breaks(self, before: Question, after: Question) -> str:
        if before.points != after.points:
            return "順位の点数は、公開した後に変えられません。"
        return dropped(before, after)


def standings(question: Question, said: Said) -> tuple[tuple[int, Option, int], ...]:
    """Place, option and points, most points first; those with as many share a place.

    Options nobody chose have 0 points and a place like any other. In one place they stand in the
    order of the options.
    """
    points = {each.key: 0 for each in question.options}
    for places in said.values():
        for worth, chosen in zip(question.points, places, strict=False):
            points[chosen] = points.get(chosen, 0) + worth
    ordered = sorted(question.options, key=lambda each: -points[each.key])
    return tuple((_place(points.values(), points[o.key]), o, points[o.key]) for o in ordered)


def _place(everybody: Iterable[int], own: int) -> int:
    return 1 + sum(1 for each in everybody if each > own)


def _line(line: tuple[int, Option, int], question: Question, said: Said) -> TallyLine:
    place, option, points = line
    chose = tuple(code for code, places in said.items() if option.key in places)
    counted = [
        f"{number}位 {many}団体"
        for number in range(1, len(question.points) + 1)
        if (many := sum(1 for p in said.values() if p[number - 1 : number] == [option.key]))
    ]
    return TallyLine(
        option.key, option.label, points, POINT, chose, place=place, note="、".join(counted)
    )


KIND: Kind = _Ranking()
