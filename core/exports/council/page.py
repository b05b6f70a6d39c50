"""議会・決算説明用 on one A4 page (PDF): what the town paid, got, bore and saved."""

from __future__ import annotations

from datetime import date

from core.exports.council.wording import (
    PURPOSE,
    TITLE,
    amount_text,
    amounts,
    burden_text,
    money_basis,
    money_columns,
    plan_rows,
    source_line,
    status_text,
)
from core.exports.paper import DARK, GREY, WIDE, Paper
from core.figures.year.year import OurYear
from core.procurement.standing import TAKING_PART
from core.reference.pack import Reference
from core.values.fiscal import era_date

_BESIDE = ("visits", "systems", "trainings", "consultations")
_FOOT = 24.0
"""Room kept for what stands at the foot, mm."""
_MOST_GRANTS, _MOST_LOTS = 3, 5
_TOPIC = 46
"""Most letters of a topic; the whole of it is in the workbook."""


def council_pdf(year: OurYear, reference: Reference, made_on: date, *, made_up: bool) -> bytes:
    """One page; what does not fit is said, and stands in the workbook."""
    title = f"{year.fiscal_year.label} {TITLE}"
    page = _Sheet(f"{year.municipality.name} {title}", made_on, made_up=made_up)
    page.line_of(title, 17, DARK)
    page.line_of(f"{year.municipality.name}({PURPOSE})", 11)
    page.line_of(
        f"{era_date(year.today)}現在の記録・作成日 {era_date(made_on)}・単位のない額は円"
        + ("・年度の途中" if year.on_going else ""),
        8.5,
    )
    _summary(page, year)
    _money(page, year, reference)
    _grants(page, year)
    _saved(page, year)
    _topics(page, year)
    page.foot(year, reference)
    return page.finished()


class _Sheet(Paper):
    """The page; lists end above the foot."""

    def has_room(self, height: float) -> bool:
        """Whether so many mm are left above the foot."""
        return self.get_y() + height < self.h - self.b_margin - self._reserved

    _reserved = _FOOT

    def foot(self, year: OurYear, reference: Reference) -> None:
        """What is unknown or assumed, and where everything comes from."""
        self.ln(1.5)
        self.line_of("前提と注意", 8, DARK)
        self.line_of("".join(f"・{note}" for note in (*year.notes, money_basis(year))), 7, GREY)
        self.line_of(source_line(reference), 7, GREY)


def _summary(page: _Sheet, year: OurYear) -> None:
    page.section("まとめ")
    told = year.told
    granted = "final" if "final" in told and told["final"].figure.value is not None else "decided"
    keys = ("paid", granted, "burden", "saved", "hours", *_BESIDE)
    page.table_of(
        (("項目", 50.0), ("額・数", 30.0), ("実績・見込み", 22.0), ("内容", 84.0)),
        [
            (
                told[key].figure.label,
                told[key].figure.text,
                status_text(told[key]),
                told[key].beside or told[key].figure.definition,
            )
            for key in keys
            if key in told
        ],
        8,
        numbers={"額・数"},
    )


def _money(page: _Sheet, year: OurYear, reference: Reference) -> None:
    page.section("支援プラン: 予算から負担まで")
    if not year.plans:
        page.line_of("この年度の参加希望・契約の記録はない。", 8.5)
        return
    names = money_columns(year, reference.names.subsidy or "補助金")
    width = (WIDE - 44.0 - 14.0 - 27.0) / (len(names) - 1)
    columns = [
        ("プラン", 44.0), ("支援回", 14.0), *((name, width) for name in names[:-1]), (names[-1], 27.0),
    ]  # fmt: skip
    rows = [
        (name, visits, *map(amount_text, amounts(money)), burden_text(money))
        for name, visits, money in plan_rows(year, reference)
    ]
    page.table_of(columns, rows, 7.5, numbers=frozenset(names) | {"支援回"})


def _grants(page: _Sheet, year: OurYear) -> None:
    if not year.grants:
        return
    page.section("そのほかの補助金", "対象経費と負担は実績報告の額。")
    page.table_of(
        (
            ("補助事業", 46.0), ("事業の名称", 44.0), ("状態", 20.0), ("対象経費", 19.0),
            ("決定額", 19.0), ("確定額", 19.0), ("団体の負担", 19.0),
        ),
        [
            (
                each.name,
                each.case.title,
                each.case.state.label,
                *map(
                    amount_text,
                    (each.share.eligible, each.share.decided, each.share.final, each.burden),
                ),
            )
            for each in year.grants[:_MOST_GRANTS]
        ],
        7.5,
        numbers={"対象経費", "決定額", "確定額", "団体の負担"},
    )  # fmt: skip
    _left_out(page, len(year.grants) - _MOST_GRANTS)


def _saved(page: _Sheet, year: OurYear) -> None:
    page.section("共同調達", "1年あたりの額(税込)。記録した見積・契約額による。")
    taking = [
        f"{label}({state.standing.label})"
        for label, state in year.systems
        if state.standing in TAKING_PART
    ]
    page.line_of(f"参加: {'、'.join(taking) or '参加の記録がない'}", 8.5)
    if not year.saved.lots:
        page.line_of("額の記録がないため、削減額は不明。", 8.5)
        return
    page.table_of(
        (("システム", 74.0), ("共同化の前", 28.0), ("共同", 28.0), ("削減額", 28.0), ("共同の額", 28.0)),
        [
            (
                each.label,
                *map(
                    amount_text,
                    (each.saving.before_yearly, each.saving.joint_yearly, each.saving.yearly),
                ),
                _document(each.contracted, joint=each.saving.joint is not None),
            )
            for each in year.saved.lots[:_MOST_LOTS]
        ],
        7.5,
        numbers={"共同化の前", "共同", "削減額"},
    )  # fmt: skip
    _left_out(page, len(year.saved.lots) - _MOST_LOTS)


def _document(contracted: bool, *, joint: bool) -> str:
    if not joint:
        return ""
    return "契約額" if contracted else "見積(見込み)"


def _topics(page: _Sheet, year: OurYear) -> None:
    if not year.topics:
        return
    page.section("支援回の議題", "団体が記録した言葉。古い順。")
    lines = [f"{era_date(each.day)} プラン{each.plan}: {_short(each.text)}" for each in year.topics]
    for place, line in enumerate(lines):
        last = place == len(lines) - 1
        if not page.has_room(4.2 if last else 8.4):
            _left_out(page, len(lines) - place)
            return
        page.line_of(line, 8)


def _short(text: str) -> str:
    return text if len(text) <= _TOPIC else f"{text[: _TOPIC - 1]}…"


def _left_out(page: Paper, number: int) -> None:
    if number > 0:
        page.line_of(f"ほか{number}件は、同じ名前のExcelにあります。", 8, GREY)
