"""What Ctrl+P of プラン選択・費用試算 gives: one page for the section chief, never on screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

import streamlit as st

from core.estimate.caveats import caveats, is_provisional
from core.estimate.wording import working
from core.reference.plans import SupportPlan
from core.values.money import Amounts, amount_labels, yen_text
from core.values.municipality import Municipality
from core.views.plans import PlansAnswer
from dashboard import context
from dashboard.kit.widgets import MADE_UP, made_up, source_text


def draw_printed(
    answer: PlansAnswer,
    town: Municipality | None,
    plans: Sequence[SupportPlan],
) -> None:
    """The page; dashboard/assets/page.css keeps it from the screen and the screen from paper.

    Day and address stand in the margin, as on every printed page.
    """
    year = answer.estimate.first
    by_number = {plan.number: plan for plan in plans}
    name = town.name if town else "(団体名　　　　　　　　)"
    mark = '<span class="kari">仮</span>' if is_provisional(year) else ""
    labels = amount_labels(context.names().subsidy)
    chosen = _table(
        ("支援プラン", "内容", "回数", *labels.values()),
        [
            (
                f"{line.plan}. {by_number[line.plan].name}",
                " ".join(by_number[line.plan].supports),
                f"{line.visits}回",
                *_said(line, labels),
            )
            for line in year.lines
        ]
        + [("合計", "", "", *_said(year, labels))],
    )
    cases = _table(
        ("三つの場合", *labels.values()),
        [(case.label, *_said(case, labels)) for case in answer.scenarios],
    )
    cases = cases if year.terms.subsidy else ""
    steps = "".join(
        f"<li>{escape(step.label)}: {escape(step.expression)}</li>" for step in working(year)
    )
    premises = _table(
        ("前提", "値", "根拠区分", "適用開始", "出典"),
        [
            (
                premise.label,
                premise.text,
                premise.basis_label,
                premise.valid_from.isoformat() if premise.valid_from else "",
                source_text(premise.source),
            )
            for premise in year.terms.premises
        ],
    )
    st.html(
        f'<article class="noriai-printed">'
        f"{f'<p><b>{MADE_UP}</b></p>' if made_up() else ''}"
        f"<h2>{year.fiscal_year.full_label} 専門人材の支援プラン 費用試算</h2>"
        f"<p>{escape(name)}・{year.start_month}月開始・{year.section[0]}節 {escape(year.section[1])}</p>"
        f'<p class="big">一般財源 <b>{yen_text(year.net)}</b> {mark}</p>'
        f"{''.join(f'<p class=note>{escape(note)}</p>' for note in caveats(answer.estimate, context.names().subsidy))}"
        f"{chosen}{cases}<h3>計算の過程</h3><ul>{steps}</ul>{premises}</article>"
    )


def _said(found: Amounts, labels: Iterable[str]) -> Iterator[str]:
    return (yen_text(getattr(found, attribute)) for attribute in labels)


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    """A cell; an amount, a count or a day is not broken over two lines."""
    look = ' class="number"' if _NUMBER.fullmatch(text) else ""
    return f"<td{look}>{escape(text)}</td>"


_NUMBER = re.compile(r"[\d,]+(円|回)|[\d-]{10}")
