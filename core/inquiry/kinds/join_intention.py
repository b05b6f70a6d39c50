"""共同調達への参加意向: system, lot, when, on what ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.inquiry.answer import Value, is_blank
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine
from core.inquiry.question import Question
from core.values.fiscal import PartialDate, parse_date
from core.values.free_text import Text
from core.values.label import Labelled

BASIS = Text("参加の根拠", 200, optional=True, example="当初予算で要求、庁内の合意など")


class Intention(Labelled):
    """参加の意向."""

    JOIN = "join", "参加する"
    INTERESTED = "interested", "関心がある"
    NOT = "not", "参加しない"
    UNDECIDED = "undecided", "未定"


@dataclass(frozen=True)
class JoinIntention:
    """What is said of one system.

    Attributes:
        lot: 区分; None where it has none or it is not said.
        when: From when, as exactly as known; None when not said.
    """

    programme: str
    intention: Intention
    lot: str | None
    when: PartialDate | None
    basis: str


def intentions_of(value: Value) -> tuple[JoinIntention, ...]:
    """What an answer says, in the order of the question."""
    return tuple(
        JoinIntention(
            programme,
            Intention(said["intention"]),
            said.get("lot"),
            parse_date(said["when"]) if said.get("when") else None,
            said.get("basis", ""),
        )
        for programme, said in value.items()
    )


class _JoinIntention(Plain):
    key = "join_intention"
    label = "共同調達への参加意向"
    uses = frozenset({"programmes", "flows"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:
        if not question.programmes:
            return {"programmes": "対象の共同調達を選んでください。"}
        unknown = set(question.programmes) - set(scope.reference.procurements.systems)
        if unknown:
            return {"programmes": f"ない共同調達です: {'、'.join(sorted(unknown))}"}
        return {}

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:
        if not isinstance(typed, Mapping):
            raise ValueError("システムごとに意向を選んでください。")
        kept: dict[str, Value] = {}
        for programme in question.programmes:
            said = typed.get(programme)
            if not is_blank(said):
                kept[programme] = _read(programme, said, scope)
        missing = [
            scope.reference.procurements.programme(key).short_label
            for key in question.programmes
            if key not in kept
        ]
        if missing:
            raise ValueError(f"意向を選んでください: {'、'.join(missing)}")
        return kept

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return "、".join(_words(each, scope) for each in intentions_of(value))

    def holds(self, value: Value) -> frozenset[str]:
        return frozenset(
            each.programme for each in intentions_of(value) if each.intention is Intention.JOIN
        )

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:
        lines = []
        for programme in question.programmes:
            label = scope.reference.procurements.programme(programme).short_label
            for intention in Intention:
                codes = tuple(
                    code
                    for code, value in said.items()
                    for each in intentions_of(value)
                    if each.programme == programme and each.intention is intention
                )
                key = f"{programme}/{intention.value}"
                words = f"{label} {intention.label}"
                lines.append(TallyLine(key, words, len(codes), "団体", codes))
        return tuple(lines)

    def breaks(self, before: Question, after: Question) -> str:
        # one more would leave answers given before without a word on it
        if set(before.programmes) == set(after.programmes):
            return ""
        return "対象の共同調達は、公開した後に変えられません。新しい設問で聞いてください。"


def _read(programme: str, said: Value, scope: Scope) -> Value:
    system = scope.reference.procurements.systems[programme]
    label = scope.reference.procurements.programme(programme).short_label
    try:
        intention = Intention(said["intention"])
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{label}の意向を選んでください。") from None
    kept: dict[str, Value] = {"intention": intention.value}
    lot, when, basis = said.get("lot"), said.get("when"), said.get("basis") or ""
    if lot:
        if lot not in system.lots:
            raise ValueError(f"{label}の区分を選び直してください。")
        kept["lot"] = lot
    if when:
        try:
            kept["when"] = parse_date(str(when)).label
        except ValueError as error:
            raise ValueError(f"{label}の時期: {error}") from None
    elif intention is Intention.JOIN:
        raise ValueError(f"{label}に参加する時期を入力してください(例: 令和9年4月)。")
    if words := BASIS.read(str(basis), f"{label}の"):
        kept["basis"] = words
    return kept


def _words(said: JoinIntention, scope: Scope) -> str:
    procurement = scope.reference.procurements.programme(said.programme)
    parts = [said.intention.label]
    if said.lot:
        parts.append(f"区分{said.lot}")
    if said.when:
        parts.append(f"{said.when.label}から")
    if said.basis:
        parts.append(said.basis)
    return f"{procurement.short_label}: {'・'.join(parts)}"


KIND: Kind = _JoinIntention()
