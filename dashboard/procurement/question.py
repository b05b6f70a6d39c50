"""What 共同調達 asks about: programme, 基準日, basis, place. Widgets, and the address they live in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import streamlit as st

from core.access.principal import Principal, allows
from core.procurement.counting import CountBasis
from core.reference.pack import Reference
from core.values.fiscal import JAPAN
from dashboard import context
from dashboard.kit import address
from dashboard.kit.choice import choose
from dashboard.kit.narrowing import EARLIEST, areas, categories, draw_places, last_day
from dashboard.kit.typed import Markdown, escaped

PAGE = "procurement"


def _programmes(_reader: Principal) -> list[str]:
    return [each.key for each in context.reference().procurements.programmes]


def _first_programme() -> str:
    return context.reference().procurements.programmes[0].key


def _codes(_reader: Principal) -> list[str]:
    return [*context.reference().succession.of_code]


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
    lg_code: str | None = address.choice("団体", _codes, key="municipality")
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


def draw_question(principal: Principal) -> Question:
    """One row: which system, which day, and behind one button what is rarely changed."""
    address.take(Question, PAGE, principal)
    today = context.today()
    reference = context.reference().on(st.session_state.get("procurement.as_of") or today)
    _follow_mergers(reference)
    names = {m.lg_code: m.name for m in reference.municipalities}
    labels = {each.key: each.short_label for each in reference.procurements.programmes}
    with st.container(horizontal=True, vertical_alignment="bottom", key="procurement.asked"):
        choose(
            st.pills,  # they go on in a second line on a phone
            "共同調達",
            labels,
            key="procurement.programme",
            required=True,
            persist_state="session",
        )
        st.date_input(
            "基準日",
            min_value=EARLIEST,
            max_value=last_day(),
            key="procurement.as_of",
            format="YYYY-MM-DD",
            persist_state="session",
            width=150,
        )
        choose(
            st.selectbox,
            context.names().towns,
            {"": f"{context.names().within}すべて", **names},
            key="procurement.lg_code",
            persist_state="session",
            width=170,
        )
        with st.popover(_narrowed(), icon=":material/tune:"):
            choose(
                st.selectbox,
                "集計基準",
                CountBasis,
                key="procurement.basis",
                persist_state="session",
                help="何を参加と数えるか。基準の違う数は並べず、1つの図に1つの基準だけを使います。",
            )
            draw_places(PAGE, principal)
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


def _follow_mergers(reference: Reference) -> None:
    """Whoever is open stays open under who counts for it on the day; one not there yet is closed."""
    code = st.session_state.get("procurement.lg_code")
    there = reference.counted(code) if code else None
    if code and code not in reference.by_code:
        st.session_state["procurement.lg_code"] = there.lg_code if there else ""


def _narrowed() -> Markdown:
    """The button that holds the rest says what of it is in force."""
    state = st.session_state
    said = [str(state.get(f"{PAGE}.{name}") or "") for name in ("area", "category")]
    basis = str(state.get(f"{PAGE}.basis") or CountBasis.PAID)
    said += [CountBasis(basis).label] if basis != CountBasis.PAID else []
    said += ["記録の時点"] if state.get(f"{PAGE}.known_on") else []
    return escaped("・".join(filter(None, said)) or "絞り込み・数え方")


def choose_municipality(lg_code: str | None) -> None:
    """Open a municipality's history; called before the widgets are drawn."""
    st.session_state["procurement.lg_code"] = lg_code or ""


def choose_area(area: str | None) -> None:
    """Narrow to a 地域; called before the widgets are drawn."""
    st.session_state[f"{PAGE}.area"] = area or ""
