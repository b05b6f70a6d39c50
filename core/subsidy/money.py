"""The amount of every step of a case, by one calculation, with its working and its shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated

from core.estimate.subsidy import Step, granted_subsidy
from core.subsidy.case import Case, CaseEvent, CaseLine
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseStep
from core.values.errors import ConflictError, InvalidInputError
from core.values.free_text import LINE, Text
from core.values.money import Yen, largest_remainder, yen_text

ITEM = Text("費目", LINE, example="委託料")
MOST_LINES = 200
MOST = Yen(1_000_000_000_000)
"""Most yen of a line: one trillion, more than any municipality's budget for it."""


@dataclass(frozen=True)
class AskedLine:
    """One municipality's part of one item, before it is computed.

    Attributes:
        item: Number of a support plan, or what the cost is for.
        eligible: 補助対象経費, yen.
        amount: 補助金 as the applicant states it; None where the programme's rate gives it.
    """

    lg_code: str
    item: Annotated[str, ITEM]
    eligible: Yen
    amount: Yen | None = None


@dataclass(frozen=True)
class Working:
    """How a municipality's part of an amount came about; empty code: the whole."""

    lg_code: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outcome:
    """What a step comes to.

    Attributes:
        amount: None of a step without money.
        lines: They add up to ``amount``; empty of a step without money and of 請求, 支払.
    """

    amount: Yen | None
    lines: tuple[CaseLine, ...] = ()
    workings: tuple[Working, ...] = ()


@dataclass(frozen=True)
class Offered:
    """What somebody brings to a step.

    Attributes:
        asked: Of 交付申請, 変更申請, 実績報告; of 額の確定 of support plans what is recorded now.
        amount: Of a decision (None: all that was applied for) and of a claim of 概算払.
        left: What is not yet committed of the budget to other cases; None when unknown.
    """

    asked: tuple[AskedLine, ...] = ()
    amount: Yen | None = None
    left: Yen | None = None


def outcome(
    case: Case | None, step: CaseStep, programme: GrantProgramme, offered: Offered
) -> Outcome:
    """What a step that may follow comes to.

    Args:
        case: As it stands; None before the first 交付申請.

    Raises:
        InvalidInputError: What was brought cannot be used.
        ConflictError: The money does not allow the step.
    """
    if case is None:
        return application(offered.asked, programme)
    return _OF.get(step, _nothing)(case, programme, offered)


def application(
    asked: Sequence[AskedLine], programme: GrantProgramme, *, may_be_nothing: bool = False
) -> Outcome:
    """What follows from eligible costs: each municipality's part by rate, rounding and cap.

    Without a published rate the applicant's own amounts stand.

    Args:
        may_be_nothing: Whether no cost at all is an answer (実績報告).

    Raises:
        InvalidInputError: Field ``lines``.
    """
    _check_lines(asked, programme, may_be_nothing=may_be_nothing)
    if programme.terms is None:
        return _stated(
            tuple(
                CaseLine(each.lg_code, each.item, each.eligible, each.amount or Yen(0))
                for each in asked
            )
        )
    lines: list[CaseLine] = []
    workings: list[Working] = []
    for lg_code, group in groupby(asked, key=attrgetter("lg_code")):
        own = list(group)
        result = granted_subsidy([each.eligible for each in own], programme.terms)
        lines += [
            CaseLine(lg_code, each.item, each.eligible, share)
            for each, share in zip(own, result.shares, strict=True)
        ]
        workings.append(Working(lg_code, result.steps))
    return Outcome(total(lines), tuple(lines), tuple(workings))


def spread(lines: Sequence[CaseLine], amount: Yen) -> tuple[CaseLine, ...]:
    """Lines that share an amount in proportion to what they had, to the yen.

    Args:
        amount: At most what they had; then no line has more than before.

    Examples:
        >>> had = [CaseLine("a", "1", Yen(20), Yen(10)), CaseLine("b", "1", Yen(10), Yen(5))]
        >>> [line.amount for line in spread(had, Yen(10))]
        [Yen(7), Yen(3)]
    """
    if amount == total(lines):
        return tuple(lines)
    shares = largest_remainder(int(amount), [int(line.amount) for line in lines])
    return tuple(
        replace(line, amount=Yen(share)) for line, share in zip(lines, shares, strict=True)
    )


def total(lines: Sequence[CaseLine]) -> Yen:
    """補助金 of lines."""
    return sum((line.amount for line in lines), Yen(0))


def by_member(lines: Sequence[CaseLine]) -> dict[str, Yen]:
    """Code → its share."""
    found: dict[str, Yen] = {}
    for line in lines:
        found[line.lg_code] = found.get(line.lg_code, Yen(0)) + line.amount
    return found


def applied(case: Case) -> CaseEvent:
    """The application a decision is about: the last one."""
    found = case.last_of(CaseStep.APPLIED, CaseStep.CHANGE_APPLIED)
    if found is None:
        raise KeyError(case.case_id)
    return found


def final_lines(case: Case) -> tuple[CaseLine, ...]:
    """What the last report comes to when it is final: of each municipality what it reported, at most
    what was decided for it. What one leaves over is not another's."""
    report = case.last_of(CaseStep.REPORTED)
    most = _decided_by_member(case)
    lines: list[CaseLine] = []
    for code, group in groupby(report.lines if report else (), key=attrgetter("lg_code")):
        own = list(group)
        lines += spread(own, min(total(own), most.get(code, Yen(0))))
    return tuple(lines)


def committed(case: Case) -> Yen:
    """What of the budget a case takes: decided, once it is final that; what was paid and is back
    neither."""
    if case.last_of(CaseStep.CANCELLED):
        return case.paid
    if case.final is not None:
        return case.final
    return case.decided or Yen(0)


def _decided_by_member(case: Case) -> dict[str, Yen]:
    granted = case.last_of(CaseStep.DECIDED, CaseStep.CHANGE_DECIDED)
    return by_member(granted.lines if granted else ())


# --- steps ----------------------------------------------------------------------------------


def _applied(_case: Case, programme: GrantProgramme, offered: Offered) -> Outcome:
    return application(offered.asked, programme)


def _decided(case: Case, _programme: GrantProgramme, offered: Offered) -> Outcome:
    asked = applied(case)
    amount = _asked_or_less(asked, offered)
    if amount == 0:
        _refuse(
            "amount", "0円の交付決定はできません。交付しないときは「不交付決定」にしてください。"
        )
    _check_budget(amount, offered.left)
    return _granted(asked, amount)


def _change_applied(case: Case, programme: GrantProgramme, offered: Offered) -> Outcome:
    found = application(offered.asked, programme)
    _check_not_below_paid(case, found.amount or Yen(0))
    return found


def _change_decided(case: Case, _programme: GrantProgramme, offered: Offered) -> Outcome:
    asked = applied(case)
    amount = _asked_or_less(asked, offered)
    _check_not_below_paid(case, amount)
    if amount > (case.decided or Yen(0)):
        _check_budget(amount, offered.left)
    return _granted(asked, amount)


def _advance_claimed(case: Case, programme: GrantProgramme, offered: Offered) -> Outcome:
    if not programme.advance:
        raise ConflictError(
            f"「{programme.name}」では概算払をしていません。額の確定の後に請求してください。"
        )
    most = (case.decided or Yen(0)) - case.paid
    if offered.amount is None or not 0 < offered.amount <= most:
        _refuse("amount", f"概算払の額は1円から{yen_text(most)}(交付決定額の残り)までです。")
    return _simple(offered.amount, "概算払の請求額", yen_text(offered.amount or 0))


def _advance_paid(case: Case, _programme: GrantProgramme, _offered: Offered) -> Outcome:
    claim = case.last_of(CaseStep.ADVANCE_CLAIMED)
    amount = claim.amount if claim and claim.amount is not None else Yen(0)
    return _simple(amount, "概算払", f"請求額 {yen_text(amount)}")


def _reported(_case: Case, programme: GrantProgramme, offered: Offered) -> Outcome:
    return application(offered.asked, programme, may_be_nothing=True)


def _finalised(case: Case, programme: GrantProgramme, offered: Offered) -> Outcome:
    report = case.last_of(CaseStep.REPORTED)
    reported = report.lines if report else ()
    if programme.from_contracts:
        _check_as_reported(reported, offered.asked)
    lines = final_lines(case)
    asked, decided, final = by_member(reported), _decided_by_member(case), by_member(lines)
    workings = []
    for code, amount in final.items():
        said = (
            f"実績による額 {yen_text(asked[code])} と"
            f"交付決定額 {yen_text(decided.get(code, Yen(0)))} の小さい方"
        )
        workings.append(Working(code, (Step("額の確定", said, amount),)))
    return Outcome(total(lines), lines, tuple(workings))


def _claimed(case: Case, _programme: GrantProgramme, _offered: Offered) -> Outcome:
    due = case.due or Yen(0)
    if due <= 0:
        raise ConflictError("請求できる額がありません。概算払が確定額以上です。")
    return _simple(due, "請求額", _final_less_paid(case))


def _paid(case: Case, _programme: GrantProgramme, _offered: Offered) -> Outcome:
    claim = case.last_of(CaseStep.CLAIMED)
    amount = claim.amount if claim and claim.amount is not None else Yen(0)
    return _simple(amount, "支払額", f"請求額 {yen_text(amount)}")


def _repaid(case: Case, _programme: GrantProgramme, _offered: Offered) -> Outcome:
    due = case.due or Yen(0)
    if due >= 0:
        raise ConflictError("返還する額がありません。概算払は確定額以下です。")
    return _simple(-due, "返還額", _final_less_paid(case))


def _withdrawn(case: Case, _programme: GrantProgramme, _offered: Offered) -> Outcome:
    if case.paid:
        raise ConflictError(
            f"概算払を{yen_text(case.paid)}受けているため取り下げられません。"
            "実績報告と額の確定の後に返還するか、事務局に交付決定の取消しを相談してください。"
        )
    return Outcome(None)


def _nothing(_case: Case, _programme: GrantProgramme, _offered: Offered) -> Outcome:
    return Outcome(None)


_OF: Mapping[CaseStep, Callable[[Case, GrantProgramme, Offered], Outcome]] = MappingProxyType(
    {
        CaseStep.APPLIED: _applied,
        CaseStep.DECIDED: _decided,
        CaseStep.CHANGE_APPLIED: _change_applied,
        CaseStep.CHANGE_DECIDED: _change_decided,
        CaseStep.ADVANCE_CLAIMED: _advance_claimed,
        CaseStep.ADVANCE_PAID: _advance_paid,
        CaseStep.REPORTED: _reported,
        CaseStep.FINALISED: _finalised,
        CaseStep.CLAIMED: _claimed,
        CaseStep.PAID: _paid,
        CaseStep.REPAID: _repaid,
        CaseStep.WITHDRAWN: _withdrawn,
    }
)


def _final_less_paid(case: Case) -> str:
    final = case.final or Yen(0)
    named = "確定額" if case.final is not None else "取消し後の額"
    return f"{named} {yen_text(final)} − 支払済 {yen_text(case.paid)}"


def _simple(amount: Yen | None, label: str, said: str) -> Outcome:
    return Outcome(amount, (), (Working("", (Step(label, said, amount),)),))


def _granted(asked: CaseEvent, amount: Yen) -> Outcome:
    had = asked.amount or Yen(0)
    said = "申請額のとおり" if amount == had else f"申請額 {yen_text(had)} から減額"
    return Outcome(
        amount, spread(asked.lines, amount), (Working("", (Step("決定額", said, amount),)),)
    )


def _stated(lines: tuple[CaseLine, ...]) -> Outcome:
    steps = [
        Step(line.item, f"対象経費 {yen_text(line.eligible)}のうち申請者が示した額", line.amount)
        for line in lines
    ]
    return Outcome(total(lines), lines, (Working("", tuple(steps)),))


def _asked_or_less(asked: CaseEvent, offered: Offered) -> Yen:
    had = asked.amount or Yen(0)
    amount = had if offered.amount is None else offered.amount
    if not 0 <= amount <= had:
        _refuse("amount", f"決定額は0円から申請額の{yen_text(had)}までです: {yen_text(amount)}")
    return amount


def _check_budget(amount: Yen, left: Yen | None) -> None:
    if left is not None and amount > left:
        _refuse(
            "amount",
            f"決定額{yen_text(amount)}は予算の残り{yen_text(max(left, Yen(0)))}を超えます。"
            "額を下げるか、「まとめて決定」で申請額に応じて按分してください。",
        )


def _check_as_reported(reported: Sequence[CaseLine], now: Sequence[AskedLine]) -> None:
    """Refuse a final amount that rests on payments or visits that were recorded otherwise since."""
    then = [(line.item, line.eligible) for line in reported]
    if then != [(line.item, line.eligible) for line in now]:
        was = sum((cost for _, cost in then), Yen(0))
        is_now = sum((line.eligible for line in now), Yen(0))
        raise ConflictError(
            "実績報告の後に、契約・支援回・支払の記録が変わりました"
            f"(報告の対象経費{yen_text(was)}、いまの記録では{yen_text(is_now)})。"
            "差し戻して、実績報告をやり直してもらってください。"
        )


def _check_not_below_paid(case: Case, amount: Yen) -> None:
    if amount < case.paid:
        raise ConflictError(
            f"概算払済の{yen_text(case.paid)}を下回る変更({yen_text(amount)})はできません。"
            "そのまま実績を報告し、額の確定の後に差額を返還してください。"
        )


_NO_PLAN = "議決または契約した支援プランがありません。議決の後に申請してください。"
_NO_RESULT = (
    "契約の記録がないため報告できません。"
    "「契約・支援回」で契約、支援回、支払を記録してから報告してください。"
)


def _check_lines(
    asked: Sequence[AskedLine], programme: GrantProgramme, *, may_be_nothing: bool
) -> None:
    said = "報告する" if may_be_nothing else "申請する"
    if not asked and programme.from_contracts:
        _refuse("lines", _NO_RESULT if may_be_nothing else _NO_PLAN)
    if not asked:
        _refuse("lines", f"{said}経費がありません。対象経費を1行以上入力してください。")
    if len(asked) > MOST_LINES:
        _refuse("lines", f"対象経費は{MOST_LINES}行までです(現在{len(asked)}行)。")
    for place, line in enumerate(asked, start=1):
        if not 0 <= line.eligible <= MOST:
            _refuse("lines", f"{place}行目の対象経費は0円から{yen_text(MOST)}までです。")
        if programme.terms is None and (
            line.amount is None or not 0 <= line.amount <= line.eligible
        ):
            _refuse("lines", f"{place}行目の補助金の額は0円から対象経費までで入力してください。")
    codes = [code for code, _ in groupby(asked, key=attrgetter("lg_code"))]
    if len(set(codes)) != len(codes):
        _refuse("lines", "同じ団体の行は続けて書いてください。")
    if len(codes) > 1 and not programme.joint:
        _refuse("lines", f"「{programme.name}」は複数の市町村の共同申請を受け付けていません。")
    named = [(line.lg_code, line.item) for line in asked]
    if len(set(named)) != len(named):
        _refuse("lines", "同じ団体の同じ費目が2行あります。1行にまとめてください。")
    if not may_be_nothing and not any(line.eligible for line in asked):
        _refuse("lines", "対象経費がすべて0円です。経費のある行を入力してください。")


def _refuse(field: str, why: str) -> None:
    raise InvalidInputError({field: why})
