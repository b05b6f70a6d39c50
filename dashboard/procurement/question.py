"""What 共同調達 asks about: programme, 基準日, basis, place. Widgets, and the address they live in."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial

import streamlit as st

from core.access.principal import Principal, allows
from core.procurement.counting import CountBasis
from core.values.fiscal import JAPAN, era_date
from dashboard import context
from dashboard.kit import address
from dashboard.kit.choice import choose
from dashboard.kit.narrowing import EARLIEST, areas, categories, draw_places, last_day

PAGE = "procurement"


def _programmes(_reader: Principal) -> list[str]:
    return [each.key for each in context.reference().procurements.programmes]


def _first_programme() -> str:
    return context.reference().procurements.programmes[0].key


def _codes(_reader: Principal) -> list[str]:
    return [m.lg_code for m in context.reference().municipalities]


def _only_office(reader: Principal) -> str:
    if allows(reader, "ledger:read"):
        return ""
    return "リンクの「記録の時点」は事務局だけが使えます。いまの記録で表示します。"


@dataclass(frozen=True)
class Question(address.Question):
    """What is counted, when and where; None for all of them.

    Attributes:
        as_of: Inclusive; may lie ahead.
        category: Of municipalities.
        lg_code: Municipality whose history is open; None for none.
        known_on: What the ledger said at the end of that day; None for what it says now.
    """

    programme: str = address.choice("共同調達", _programmes, _first_programme)
    as_of: date = address.day("基準日", EARLIEST, last_day, context.today)
    basis: CountBasis = address.choice("集計基準", CountBasis, CountBasis.PAID)
    area: str | None = address.choice("地域", areas)
    category: str | None = address.choice("区分", categories)
    lg_code: str | None = address.choice("市町村", _codes, key="municipality")
    known_on: date | None = address.day(
        "記録の時点", EARLIEST, context.today, key="known_at", barred=_only_office
    )

    @property
    def known_at(self) -> datetime | None:
        """The last moment of ``known_on`` in Japan."""
        if self.known_on is None:
            return None
        return datetime.combine(self.known_on, time.max, JAPAN)

    def full_query(self) -> dict[str, str]:
        """For a link that shows the same tomorrow: the day is always in it."""
        return {"as_of": self.as_of.isoformat(), **self.query()}


def take_address(reader: Principal) -> None:
    """Hand what arrived to the widgets, the slider of months included."""
    if address.take(Question, PAGE, reader):
        st.session_state["procurement.month"] = _month(st.session_state["procurement.as_of"])


def draw_question(principal: Principal) -> Question:
    """All filters; the month by a slider, the day exactly beside it."""
    reference, today = context.reference(), context.today()
    names = {m.lg_code: m.name for m in reference.municipalities}
    labels = {each.key: each.label for each in reference.procurements.programmes}
    with st.grid("auto", min_column_width=280):
        choose(
            st.selectbox, "共同調達", labels, key="procurement.programme", persist_state="session"
        )
        choose(
            st.selectbox,
            "集計基準",
            CountBasis,
            key="procurement.basis",
            persist_state="session",
            help="何を参加と数えるか。基準の違う数は並べず、1つの図に1つの基準だけを使います。",
        )
        st.select_slider(
            "基準日(月ごと、月末時点)",
            _months(last_day()),
            format_func=partial(_month_label, today),
            key="procurement.month",
            on_change=_take_month,
            persist_state="session",
        )
    with st.grid("auto", min_column_width=165):
        st.date_input(
            "基準日(日)",
            min_value=EARLIEST,
            max_value=last_day(),
            key="procurement.as_of",
            format="YYYY-MM-DD",
            on_change=_take_day,
            persist_state="session",
        )
        draw_places(PAGE, principal)
        choose(
            st.selectbox,
            "市町村の履歴",
            {"": "選択しない", **names},
            key="procurement.lg_code",
            persist_state="session",
            on_change=forget_map_click,
            help="地図や一覧で選んでも変わります。",
        )
        if allows(principal, "ledger:read"):
            st.date_input(
                "記録の時点",
                None,
                min_value=EARLIEST,
                max_value=today,
                key="procurement.known_on",
                format="YYYY-MM-DD",
                persist_state="session",
                help="その日の終わりまでに台帳へ記録されていたことだけで数えます。空欄はいまの記録。",
            )
    return address.current(Question, PAGE, principal)


def choose_municipality(lg_code: str | None) -> None:
    """Open a municipality's history; called before the widgets are drawn."""
    st.session_state["procurement.lg_code"] = lg_code or ""


def map_key() -> str:
    """Key of the map: another one when something else changed the municipality.

    The browser reports a click only when the selection changes; on a map that still holds an
    earlier click, the same municipality could not be chosen again.
    """
    return f"procurement.map.{st.session_state.get('procurement.map_clicks', 0)}"


def forget_map_click() -> None:
    """The municipality was chosen elsewhere."""
    st.session_state["procurement.map_clicks"] = (
        st.session_state.get("procurement.map_clicks", 0) + 1
    )


def _take_month() -> None:
    year, month = map(int, st.session_state["procurement.month"].split("-"))
    end = date(year, month, monthrange(year, month)[1])
    today = context.today()
    st.session_state["procurement.as_of"] = (
        today if _month(today) == st.session_state["procurement.month"] else end
    )


def _take_day() -> None:
    st.session_state["procurement.month"] = _month(st.session_state["procurement.as_of"])


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


@cache
def _months(last: date) -> list[str]:
    count = (last.year - EARLIEST.year) * 12 + last.month - EARLIEST.month + 1
    return [
        f"{EARLIEST.year + (EARLIEST.month - 1 + i) // 12}-{(EARLIEST.month - 1 + i) % 12 + 1:02}"
        for i in range(count)
    ]


def _month_label(today: date, month: str) -> str:
    era = era_date(date.fromisoformat(f"{month}-01"))
    ahead = "予定 " if month > _month(today) else ""
    return f"{ahead}{month}({era[: era.index('月') + 1]})"
