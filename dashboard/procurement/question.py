"""What 共同調達 asks about: programme, 基準日, basis, place. Widgets, and the address they live in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial

import streamlit as st

from core.access.principal import Principal, allows
from core.procurement.counting import CountBasis
from core.reference.pack import Reference
from core.values.fiscal import JAPAN, FiscalYear, era_date
from dashboard import context
from dashboard.kit import address as page_address

EARLIEST = date(2021, 4, 1)
"""First 基準日 that can be asked for: a month before the first joint procurement began."""
_KEYS = ("programme", "as_of", "basis", "area", "category", "municipality", "known_at")
_ALL = "すべて"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        programme: Key of a joint procurement.
        as_of: 基準日, inclusive; may lie ahead.
        basis: 集計基準.
        area: 地域; None for all.
        category: 区分 of municipalities; None for all.
        lg_code: Municipality whose history is open; None for none.
        known_on: What the ledger said at the end of that day; None for what it says now.
    """

    programme: str
    as_of: date
    basis: CountBasis
    area: str | None
    category: str | None
    lg_code: str | None
    known_on: date | None

    @property
    def known_at(self) -> datetime | None:
        """The last moment of ``known_on`` in Japan."""
        if self.known_on is None:
            return None
        return datetime.combine(self.known_on, time.max, JAPAN)

    def query(self, today: date) -> dict[str, str]:
        """As an address says it: what is usual is left out, so that a bookmark means today."""
        usual = usual_question(today)
        written = {
            "programme": self.programme,
            "as_of": self.as_of.isoformat(),
            "basis": self.basis.value,
            "area": self.area,
            "category": self.category,
            "municipality": self.lg_code,
            "known_at": self.known_on and self.known_on.isoformat(),
        }
        plain = {
            "programme": usual.programme,
            "as_of": usual.as_of.isoformat(),
            "basis": usual.basis.value,
        }
        return {key: value for key, value in written.items() if value and value != plain.get(key)}

    def full_query(self, today: date) -> dict[str, str]:
        """For a link that shows the same tomorrow: the day is always in it."""
        return {"as_of": self.as_of.isoformat(), **self.query(today)}


def usual_question(today: date) -> Question:
    """What a first visit shows."""
    first = context.reference().procurements.programmes[0].key
    return Question(first, today, CountBasis.PAID, None, None, None, None)


def last_day(today: date) -> date:
    """Last 基準日 that can be asked for: the end of the next fiscal year."""
    return FiscalYear(FiscalYear.of(today) + 1).last_day


def read_address(principal: Principal) -> list[str]:
    """Take over the filters of an address; fill in the usual ones on a first visit.

    Returns:
        What could not be used, in Japanese; the usual value stands in its place.
    """
    address = page_address.arrived("procurement", _KEYS)
    if address is None:
        return []
    filters, problems = parsed(address, principal, context.today())
    st.session_state.update(
        {
            "procurement.programme": filters.programme,
            "procurement.as_of": filters.as_of,
            "procurement.month": _month(filters.as_of),
            "procurement.basis": filters.basis.value,
            "procurement.area": filters.area or "",
            "procurement.category": filters.category or "",
            "procurement.municipality": filters.lg_code or "",
            "procurement.known_on": filters.known_on,
        }
    )
    return problems


def parsed(
    address: Mapping[str, str], principal: Principal, today: date
) -> tuple[Question, list[str]]:
    """The filters an address stands for, and what of it could not be used."""
    reference, usual, problems = context.reference(), usual_question(today), []

    def one_of(key: str, label: str, allowed: Sequence[str], usual_value: str | None) -> str | None:
        value = address.get(key)
        if value is None or value in allowed:
            return value or usual_value
        problems.append(f"リンクの{label}「{value}」はありません。")
        return usual_value

    def day(key: str, label: str, last: date, usual_value: date | None) -> date | None:
        value = address.get(key)
        if value is None:
            return usual_value
        try:
            found = date.fromisoformat(value)
        except ValueError:
            problems.append(f"リンクの{label}「{value}」は日付として読めません(例: 2023-06-01)。")
            return usual_value
        if EARLIEST <= found <= last:
            return found
        problems.append(
            f"リンクの{label}「{value}」は使えません。{EARLIEST}から{last}までにしてください。"
        )
        return usual_value

    programmes = [each.key for each in reference.procurements.programmes]
    known_on = day("known_at", "記録の時点", today, None)
    if known_on is not None and not allows(principal, "ledger:read"):
        problems.append("リンクの「記録の時点」は事務局だけが使えます。いまの記録で表示します。")
        known_on = None
    filters = Question(
        programme=str(one_of("programme", "共同調達", programmes, usual.programme)),
        as_of=day("as_of", "基準日", last_day(today), today) or today,
        basis=CountBasis(str(one_of("basis", "集計基準", list(CountBasis), usual.basis))),
        area=one_of("area", "地域", areas(reference), None),
        category=one_of("category", "区分", categories(reference), None),
        lg_code=one_of(
            "municipality", "市町村", [m.lg_code for m in reference.municipalities], None
        ),
        known_on=known_on,
    )
    return filters, problems


def areas(reference: Reference) -> list[str]:
    """府内8地域, in file order."""
    return list(dict.fromkeys(m.area for m in reference.municipalities))


def categories(reference: Reference) -> list[str]:
    """区分 of municipalities, in file order."""
    return list(dict.fromkeys(m.category for m in reference.municipalities))


def draw_question(principal: Principal) -> Question:
    """All filters; the month by a slider, the day exactly beside it."""
    reference, today = context.reference(), context.today()
    names = {m.lg_code: m.name for m in reference.municipalities}
    labels = {each.key: each.label for each in reference.procurements.programmes}
    with st.grid("auto", min_column_width=280):
        st.selectbox(
            "共同調達",
            list(labels),
            format_func=labels.__getitem__,
            key="procurement.programme",
            persist_state="session",
        )
        st.selectbox(
            "集計基準",
            [basis.value for basis in CountBasis],
            format_func=_basis_label,
            key="procurement.basis",
            persist_state="session",
            help="何を参加と数えるか。基準の違う数は並べず、1つの図に1つの基準だけを使います。",
        )
        st.select_slider(
            "基準日(月ごと、月末時点)",
            _months(today),
            format_func=partial(_month_label, today),
            key="procurement.month",
            on_change=_take_month,
            persist_state="session",
        )
    with st.grid("auto", min_column_width=165):
        st.date_input(
            "基準日(日)",
            min_value=EARLIEST,
            max_value=last_day(today),
            key="procurement.as_of",
            format="YYYY-MM-DD",
            on_change=_take_day,
            persist_state="session",
        )
        _select("地域", areas(reference), "area")
        _select("市町村の区分", categories(reference), "category")
        st.selectbox(
            "市町村の履歴",
            ["", *names],
            format_func=lambda code: names.get(code, "選択しない"),
            key="procurement.municipality",
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
    return _of_inputs(principal)


def _select(label: str, options: Sequence[str], key: str) -> None:
    st.selectbox(
        label,
        ["", *options],
        format_func=_or_all,
        key=f"procurement.{key}",
        persist_state="session",
    )


def _of_inputs(principal: Principal) -> Question:
    state = st.session_state
    known_on = state.get("procurement.known_on") if allows(principal, "ledger:read") else None
    return Question(
        programme=state["procurement.programme"],
        as_of=state["procurement.as_of"] or context.today(),
        basis=CountBasis(state["procurement.basis"]),
        area=state["procurement.area"] or None,
        category=state["procurement.category"] or None,
        lg_code=state["procurement.municipality"] or None,
        known_on=known_on,
    )


def write_address(question: Question) -> None:
    """Keep the address in step with the filters; the part of 後乗り keeps its own keys in it."""
    page_address.keep("procurement", question.query(context.today()), _KEYS)


def choose_municipality(lg_code: str | None) -> None:
    """Open a municipality's history; called before the widgets are drawn."""
    st.session_state["procurement.municipality"] = lg_code or ""


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
def _months(today: date) -> list[str]:
    last = last_day(today)
    count = (last.year - EARLIEST.year) * 12 + last.month - EARLIEST.month + 1
    return [
        f"{EARLIEST.year + (EARLIEST.month - 1 + i) // 12}-{(EARLIEST.month - 1 + i) % 12 + 1:02}"
        for i in range(count)
    ]


def _month_label(today: date, month: str) -> str:
    era = era_date(date.fromisoformat(f"{month}-01"))
    ahead = "予定 " if month > _month(today) else ""
    return f"{ahead}{month}({era[: era.index('月') + 1]})"


def _basis_label(basis: str) -> str:
    return CountBasis(basis).label


def _or_all(value: str) -> str:
    return value or _ALL
