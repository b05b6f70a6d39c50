"""補助金の一覧 for the prefecture's own 財政課: a row a case, the money of the programme, the forecast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.exports.book import Book, Cell, Column
from core.exports.file import file_name
from core.reference.pack import Reference
from core.subsidy.case import Case
from core.subsidy.due import TRACK, track
from core.subsidy.money import by_member
from core.subsidy.step import CaseStep
from core.values.fiscal import FiscalYear, era_date
from core.values.money import Yen, yen_text
from core.views.subsidy import BoardAnswer

_YEN = 14


def subsidy_workbook(
    found: BoardAnswer, reference: Reference, made_on: date, *, made_up: bool
) -> bytes:
    """Two sheets: 一覧, a row a municipality of a case with the sum beneath; 予算と見込み."""
    programme = found.programme
    title = f"{programme.name} {found.fiscal_year.label}"
    book = Book(title, made_on, made_up=made_up)
    under = f"{era_date(found.as_of)}現在。金額は円。"
    if programme.assumed:
        under += "補助条件か予算に仮の値を含む。"
    columns = (
        Column("番号", 14),
        Column("団体", 16),
        Column("事業の名称", 30),
        Column("状態", 16),
        *(Column(f"{step.label}の日", 14, "day") for step in TRACK),
        Column("申請額", _YEN, "whole"),
        Column("交付決定額", _YEN, "whole"),
        Column("確定額", _YEN, "whole"),
        Column("支払済", _YEN, "change"),
        Column("次の手続", 22),
        Column("期限", 14, "day"),
        Column("遅れ(日)", 10, "whole"),
        Column("まだないもの", 34),
    )
    rows = [*_rows(found, reference)]
    book.table("一覧", columns, rows, title=title, under=under, frozen=2, paper=8)
    book.table(
        "予算と見込み",
        (Column("項目", 30), Column("金額(円)", 16, "change"), Column("考え方", 60)),
        _money(found),
        title=f"{title} 予算と年度末の見込み",
        under=under,
    )
    return book.finished()


def subsidy_file_name(name: str, year: FiscalYear, made_on: date, *, made_up: bool) -> str:
    """補助金一覧_…_R5_20240320.xlsx."""
    return file_name(
        "補助金一覧", name, year.short, f"{made_on:%Y%m%d}", suffix=".xlsx", made_up=made_up
    )


def _rows(found: BoardAnswer, reference: Reference) -> Iterator[tuple[Cell, ...]]:
    for row in (each for each in found.rows if each.leads):  # its lines name those that join
        late = row.late_days(found.as_of) or None
        due = row.due
        following: tuple[Cell, ...] = (
            f"{due.turn.label}: {due.text}" if due and due.step else "",
            due.deadline if due else None,
            late,
            "、".join(due.missing) if due else "",
        )
        if row.case is None:
            state = "未申請(議決・契約済)" if row.expected else "申請なし"
            none: tuple[Cell, ...] = (None,) * (len(TRACK) + 4)
            yield ("", row.name, "", state, *none, *following)
            continue
        case = row.case
        head: tuple[Cell, ...] = (case.title, case.state.label, *track(case).values())
        amounts = _amounts(case)
        for place, code in enumerate(case.members):
            shares = [_whole(each.get(code) if each is not None else None) for each in amounts]
            paid = int(case.paid) if len(case.members) == 1 else None
            name = reference.called(code)
            if len(case.members) > 1:
                name += "(代表)" if place == 0 else "(構成団体)"
            yield (
                case.number.label,
                name,
                *head,
                *shares,
                paid if place or len(case.members) == 1 else int(case.paid),
                *following,
            )


def _amounts(case: Case) -> tuple[dict[str, Yen] | None, ...]:
    """Shares of 申請額, 決定額, 確定額 by municipality; None before there is one."""
    applied = case.last_of(CaseStep.APPLIED, CaseStep.CHANGE_APPLIED)
    decided = case.last_of(CaseStep.DECIDED, CaseStep.CHANGE_DECIDED)
    final = case.last_of(CaseStep.FINALISED)
    over = not case.granting
    return tuple(
        None if event is None else {} if over and event is decided else by_member(event.lines)
        for event in (applied, decided, final)
    )


def _whole(amount: Yen | None) -> int | None:
    return None if amount is None else int(amount)


def _money(found: BoardAnswer) -> Iterator[tuple[Cell, ...]]:
    money, forecast = found.standing, found.forecast
    unknown = "予算は不明(登録されていない)"
    budget = "カタログか制度値に登録された額"
    yield ("予算", _whole(money.budget), unknown if money.budget is None else budget)
    yield ("申請中", int(money.applied), "決定を待つ申請の額")
    yield ("交付決定額", int(money.decided), "変更決定の後の額。取下げ・取消しは0")
    yield ("確定額", int(money.final), "額の確定をしたもの")
    yield ("支払済", int(money.paid), "概算払を含み、返還を引いた額")
    yield ("予算の残り", _whole(money.left), "予算 − 交付決定額(確定したものは確定額)")
    for part in forecast.parts:
        yield (f"見込み: {part.label}", int(part.amount), part.why)
    yield ("年度末の見込み", int(forecast.amount), "上の見込みの合計。議決前の希望を含まない")
    yield ("見込みの残り", _whole(forecast.left), "予算 − 年度末の見込み")
    yield (
        "議決前の希望",
        int(forecast.undecided),
        f"{forecast.undecided_municipalities}団体。すべて議決されると見込みは"
        f"{yen_text(forecast.at_most)}になる",
    )
