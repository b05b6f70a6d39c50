"""Every screen once: title, icon, and the permission that opens it. POLICY decides who sees it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from core.access.principal import Principal, Role, allows, need_of
from core.values.errors import DatabaseTroubleError
from core.values.money import amount_labels
from core.values.offer import OfferedPart
from dashboard import context

PAGES = Path(__file__).resolve().parents[2] / "pages"


@dataclass(frozen=True)
class Screen:
    """One screen.

    Attributes:
        name: File below pages/ and path in the address.
        action: Permission that opens it.
        section: Heading in the menu; empty stands above all.
        help: What it is for. Here and in ``section`` words of the pack stand in braces.
    """

    name: str
    title: str
    icon: str
    action: str
    section: str
    help: str


TOWNS, OFFICE, HELP = "{towns}の仕事", "事務局・会議", "ヘルプ・アカウント"

SCREENS = (
    Screen("home", "ホーム", "home", "home:read", "", "今日の数字と、やること。"),
    Screen(
        "plans",
        "プラン選択・費用試算",
        "calculate",
        "plans:read",
        TOWNS,
        "支援プランを選び、{amounts}を試算して予算要求書を作ります。",
    ),
    Screen(
        "support",
        "支援の実施",
        "handshake",
        "visit:read",
        TOWNS,
        "議決から契約、毎月の支援回、支払、成果まで。",
    ),
    Screen(
        "procurement",
        "共同調達",
        "map",
        "procurement:read",
        TOWNS,
        "どの{towns}がいつから参加しているかを、地図・名前・推移で。",
    ),
    Screen(
        "boarding",
        "後乗り",
        "directions_bus",
        "boarding:read",
        TOWNS,
        "後から参加すると、いくらかかり、待つといくらになり、何をすればよいか。",
    ),
    Screen(
        "quotations",
        "見積・契約額",
        "request_quote",
        "quotation:compare",
        TOWNS,
        "システムの見積と契約額を残し、下がった額とほかの{towns}との違いを確かめます。",
    ),
    Screen(
        "trainings",
        "研修",
        "school",
        "training:read",
        TOWNS,
        "研修を一覧・カレンダーで探し、同僚を申し込みます。カレンダー登録とオープンデータ。",
    ),
    Screen(
        "consultations",
        "アドバイザー相談",
        "forum",
        "consultation:read",
        TOWNS,
        "アドバイザーへの相談、好事例、ヒアリングの日程。",
    ),
    Screen(
        "inquiries",
        "照会・回答",
        "quick_reference_all",
        "inquiry:read",
        TOWNS,
        "照会に回答し、受領を確かめます。事務局は照会をつくり、回答を集計します。",
    ),
    Screen(
        "our_municipality",
        "わがまち",
        "location_city",
        "our_municipality:read",
        TOWNS,
        "保存した試算と参加希望、似た{towns}。",
    ),
    Screen(
        "ledger",
        "参加台帳",
        "edit_note",
        "ledger:read",
        OFFICE,
        "共同調達の参加を記録し、訂正し、取り込み、書き出します。",
    ),
    Screen(
        "kpi",
        "事務局KPI",
        "monitoring",
        "kpi:read",
        OFFICE,
        "指標の定義・推移・内訳、目標とアラート、会議資料の書き出し。",
    ),
    Screen(
        "meeting",
        "会議",
        "present_to_all",
        "meeting:read",
        OFFICE,
        "会議室の画面に映す、いまの数字。",
    ),
    Screen(
        "meeting_preparation",
        "会議の準備",
        "slideshow",
        "meeting:manage",
        OFFICE,
        "映す場面を選び、控えを開き直し、今と比べます。",
    ),
    Screen(
        "catalogue",
        "カタログ",
        "inventory_2",
        "catalogue:read",
        OFFICE,
        "共同調達、公表値、予算、出典などを年度ごとに記録します。",
    ),
    Screen(
        "administration",
        "管理",
        "admin_panel_settings",
        "administration:read",
        OFFICE,
        "アカウント、制度値、監査記録。",
    ),
    Screen(
        "about",
        "使い方・出典",
        "menu_book",
        "about:read",
        HELP,
        "使い方、すべての数字の出典と定義。",
    ),
)
SIGN_IN = Screen("sign_in", "サインイン", "login", "session:start", HELP, "職員用の入口。")
PASSWORD = Screen(
    "password", "パスワード変更", "key", "password:change", HELP, "自分のパスワードを変えます。"
)

SIGN_INS = Screen(
    "sign_ins",
    "サインイン状況",
    "devices",
    "session:end",
    HELP,
    "自分のサインインを確かめ、終わらせます。",
)


def page_file(name: str) -> Path:
    """The script of a screen."""
    return PAGES / f"{name}.py"


def link(name: str, label: str, icon: str, query: Mapping[str, str] | None = None) -> None:
    """A link to a screen, and to what it is asked; none to a screen that is not there."""
    if is_there(name):
        st.page_link(page_file(name), label=label, icon=f":material/{icon}:", query_params=query)


def open_to(principal: Principal) -> tuple[Screen, ...]:
    """The screens a principal may open."""
    return tuple(
        screen for screen in SCREENS if allows(principal, screen.action) and is_there(screen.name)
    )


def missing(name: str) -> OfferedPart | None:
    """The part a screen is about when it is not offered; None: the screen is there."""
    need = next((need_of(screen.action) for screen in SCREENS if screen.name == name), None)
    return None if need in (None, *_offered()) else need


def is_there(name: str) -> bool:
    """Whether what a screen is about is offered."""
    return missing(name) is None


def _offered() -> Collection[OfferedPart]:
    try:
        return context.reference().offers
    except DatabaseTroubleError:  # while nothing can be read, nothing is told to be missing
        return frozenset(OfferedPart)


def menu(principal: Principal) -> dict[str, list[st.Page]]:
    """The menu of a principal; a screen out of reach keeps its address and says why.

    One about what is not offered is in nobody's menu, and its address says that.
    """
    if principal.must_change_password:
        return {"": [_page(PASSWORD, default=True), _page(SIGN_IN, hidden=True)]}
    sections: dict[str, list[st.Page]] = {}
    for screen in SCREENS:
        opened = allows(principal, screen.action)
        page = _page(screen, default=screen.name == "home") if opened else _closed(screen)
        page = page if is_there(screen.name) else _closed(screen, "absent")
        sections.setdefault(as_said(screen.section), []).append(page)
    outside = principal.role is Role.PUBLIC
    sections[SIGN_IN.section] += [
        _page(SIGN_IN, hidden=not outside),
        *(_closed(each) if outside else _page(each) for each in (SIGN_INS, PASSWORD)),
    ]
    return sections


def as_said(words: str) -> str:
    """Words of a screen or a section, with those of the pack in their places."""
    names = context.names()
    amounts = "・".join(amount_labels(names.subsidy).values())
    return words.format(towns=names.towns, amounts=amounts)


def _page(screen: Screen, *, default: bool = False, hidden: bool = False) -> st.Page:
    return copy(
        _made(
            screen.name,
            screen.title,
            screen.icon,
            screen.name,
            as_said(screen.help),
            default=default,
            hidden=hidden,
        )
    )


def _closed(screen: Screen, said_by: str = "closed") -> st.Page:
    return copy(_made(said_by, screen.title, "lock", screen.name, None, default=False, hidden=True))


@cache
def _made(
    file: str, title: str, icon: str, path: str, said: str | None, *, default: bool, hidden: bool
) -> st.Page:
    """A page, made once: Streamlit looks for its file anew each time, fifteen of them a run.

    Each run gets a copy of its own, because Streamlit notes in it which one runs.
    """
    return st.Page(
        page_file(file),
        title=title,
        icon=f":material/{icon}:",
        url_path=path,
        default=default,
        visibility="hidden" if hidden else "visible",
        help=said,
    )
