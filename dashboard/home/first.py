"""What a visitor came for, and what waits for them, by day."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.access.principal import Principal, Role, shown_name
from core.estimate.link import ESTIMATE_LINK
from core.values.fiscal import FiscalYear, japan_day
from core.values.money import yen_text
from core.views.home import Duty, HomeAnswer
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.cards import Action, Badge, Card, Rank, Tone, cards
from dashboard.kit.widgets import source_text


def draw_first(answer: HomeAnswer, fiscal_year: FiscalYear) -> None:
    """The one job: the budget request, and how far it has come; boarding where no talent is shared."""
    if not navigation.is_there("plans"):
        _draw_boarding()
        return
    kept = answer.kept
    make = Action("予算要求書をつくる", page="plans", first=True)
    if kept is None:
        card = Card(
            "budget",
            f"{fiscal_year.full_label}の予算要求",
            text="支援プランを選び、団体の負担を確かめて、財政課へ出す要求書(Excel)をつくります。",
            actions=[make],
            rank=Rank.FIRST,
        )
    else:
        request = kept.kept.request
        plans = "・".join(str(choice.plan) for choice in request.choices) or "なし"
        card = Card(
            "budget",
            f"{FiscalYear(request.fiscal_year).full_label}の予算要求「{kept.kept.name}」",
            value=yen_text(kept.kept.net),
            badges=[Badge("仮", Tone.OPEN)] if kept.provisional else [],
            lines=[
                f"団体の負担(一般財源)。プラン{plans}。"
                f"{japan_day(kept.kept.recorded_at)}に{shown_name(kept.kept.recorded_by)}が保存した時点の額。"
            ],
            terms={
                "定義": f"{_what_is_left()}、団体が一般財源から出す額。保存したときのまま。",
                "集計基準": "保存した試算1件の初年度から最後の年度まで",
                "基準日": f"{japan_day(kept.kept.recorded_at)}(仮定)",
                "出典": "、".join(["選んだプランと回数(入力値)", *map(source_text, kept.sources)]),
            },
            actions=[
                Action(make.label, page="plans", query=ESTIMATE_LINK.write(request), first=True),
                Action("新しく試算する", page="plans"),
            ],
            rank=Rank.FIRST,
        )
    cards([card], key="home.first", level=2)


def draw_visits() -> None:
    """The one job of an adviser."""
    cards(
        [
            Card(
                "visits",
                "担当する団体の支援回",
                text="日程の提案に返事をし、予定を入れ、実施した内容と次回までに行うことを記録します。",
                actions=[Action("支援回を開く", page="support", first=True)],
                rank=Rank.FIRST,
            )
        ],
        key="home.first",
        level=2,
    )


def _what_is_left() -> str:
    called = context.names().subsidy
    return f"歳出から{called}を引いた" if called else "歳出の全額で"


def _draw_boarding() -> None:
    cards(
        [
            Card(
                "boarding",
                "共同調達に後から参加する",
                text="後から参加するといくらかかり、待つといくらになり、何をすればよいかを確かめて、"
                "財政課へ出す要求書(Excel)をつくります。",
                actions=[Action("後乗りを考える", page="boarding", first=True)],
                rank=Rank.FIRST,
            )
        ],
        key="home.first",
        level=2,
    )


def draw_due(principal: Principal, answer: HomeAnswer) -> None:
    """やること: a line each, the nearest day first; then what has no day."""
    if principal.role is not Role.OFFICER and not answer.duties:
        return
    st.subheader("やること", anchor=False)
    if not answer.duties:
        st.success("いま記録を待っている項目はありません。", icon=":material/check_circle:")
        return
    today = context.today()
    cards(
        [_row(number, duty, today) for number, duty in enumerate(answer.duties)],
        key="home.due",
        rows=True,
    )


def _row(number: int, duty: Duty, today: date) -> Card:
    return Card(
        str(number),
        duty.title,
        value=_left(duty.day, today),
        lines=[duty.text] if duty.text else [],
        actions=[Action(duty.go, page=duty.page, query=duty.query)],
        rank=Rank.QUIET,
    )


def _left(day: date | None, today: date) -> str:
    """How many days are left; what has no day waits.

    Examples:
        >>> _left(date(2026, 12, 1), date(2026, 11, 28)), _left(None, date(2026, 11, 28))
        ('あと3日', '期日なし')
    """
    if day is None:
        return "期日なし"
    left = (day - today).days
    if left < 0:
        return "期日を過ぎた"
    return "今日" if left == 0 else f"あと{left}日"


def draw_screens(principal: Principal) -> None:
    """Every other screen there is, and what it is for."""
    st.subheader("はじめる", anchor=False)
    cards(
        [
            Card(
                screen.name,
                screen.title,
                lines=[navigation.as_said(screen.help)],
                actions=[Action("開く", page=screen.name)],
            )
            for screen in navigation.open_to(principal)
            if screen.name != "home"
        ],
        key="home.screens",
        rows=True,
    )
