"""Pieces that several pages draw: figures with their definition, refusals, empty states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.access.principal import PUBLIC, Principal
from core.values.errors import DashboardError, DatabaseTroubleError, InvalidInputError
from core.values.figure import LEDGER_SOURCE, Figure
from core.views.demonstration import demonstration_view
from dashboard import context
from dashboard.kit import address
from dashboard.kit.cards import Card, Rank, cards
from dashboard.kit.typed import escaped


@contextmanager
def refusals_shown() -> Iterator[None]:
    """Show an expected failure as one message where the page stopped; bugs pass through."""
    try:
        yield
    except DashboardError as error:
        show_refusal(error)


def show_refusal(error: DashboardError) -> None:
    """One message; each problem of a form on its own line.

    Raises:
        DatabaseTroubleError: It is one: dashboard/app.py says so once, and waits.
    """
    if isinstance(error, DatabaseTroubleError):
        raise error
    lines = error.problems.values() if isinstance(error, InvalidInputError) else (str(error),)
    st.error("\n\n".join(escaped(line) for line in lines), icon=":material/error:")


def show_problem(problems: Mapping[str, str], *fields: str) -> None:
    """The problems of some fields, beneath them."""
    for field in fields:
        if field in problems:
            st.error(escaped(problems[field]), icon=":material/error:")


def source_text(source: str) -> str:
    """出典 as a reader sees it: title and publisher, or the words themselves."""
    if source == LEDGER_SOURCE:
        return f"この画面に{context.names().towns}が記録した内容(台帳)"
    known = context.reference().sources.get(source)
    return f"{known.title}({known.publisher})" if known else (source or "入力値")


def publisher_text(source: str) -> str:
    """出典 in a word, where the whole of it is one click away."""
    known = context.reference().sources.get(source)
    return f"{known.publisher}資料" if known else source_text(source)


def figure_as_card(figure: Figure, rank: Rank = Rank.USUAL) -> Card:
    """A figure with status and 基準日 in sight, definition, basis and source behind its mark."""
    return Card(
        key=figure.label,
        title=figure.label,
        value=figure.text,
        lines=(f"{figure.status.label}・{figure.as_of}",),
        terms=figure_terms(figure),
        rank=rank,
    )


def figure_terms(figure: Figure) -> dict[str, str]:
    """What a figure owes its reader, by name."""
    return {
        "定義": figure.definition,
        "集計基準": figure.basis,
        "基準日": f"{figure.as_of}({figure.status.label})",
        "出典": source_text(figure.source),
    }


def figure_row(figures: Sequence[Figure], narrowest: int | None = None, level: int = 3) -> None:
    """Figures side by side, as many as the width holds; few of them get room for millions.

    Args:
        narrowest: Least width of one, px, for short numbers: two by two on a phone.
        level: Of their headings, one below the heading above them.
    """
    usual = 220 if len(figures) <= _FEW else 180
    cards([figure_as_card(each) for each in figures], narrowest=narrowest or usual, level=level)


_FEW = 4


def draw_tabs(
    key: str, parts: Mapping[str, Callable[[], object]], *, param: str = address.TAB, **more: Any
) -> None:
    """Parts of a page beside each other by their headings; only the one in sight is drawn.

    Args:
        key: Of the tabs; the session holds the heading of the open one.
        param: What the address calls the open one; tabs within a tab take another than ``tab``.
    """
    take_tab(key, param)
    if st.session_state.get(key, "") not in ("", *parts):
        st.warning(
            f"リンクのタブ「{escaped(st.session_state.pop(key))}」はありません。",
            icon=":material/link_off:",
        )
    tabs = st.tabs([*map(escaped, parts)], on_change="rerun", key=key, **more)
    for tab, (heading, draw) in zip(tabs, parts.items(), strict=True):
        if tab.open:
            usual = heading == (more.get("default") or next(iter(parts)))
            address.keep(key, {} if usual else {param: heading}, {param})
            with tab:
                draw()


def take_tab(key: str, param: str = address.TAB) -> str:
    """The heading of the open tab, before :func:`draw_tabs` draws it; empty for the first.

    A page that opens a tab by itself calls this first and then sets the session's entry.
    """
    state = st.session_state
    before = address.kept(key)
    asked = address.arrived(key, {param})
    if asked is not None:
        if before is not None:
            state.pop(key, None)
        address.note(key, asked)
    if heading := (address.kept(key) or {}).get(param, ""):
        state.setdefault(key, heading)
    return str(state.get(key, ""))


def some_of(municipalities: Iterable[str], most: int = 8) -> str:
    """The first names of a list, and how many more there are."""
    names = list(municipalities)
    more = [f"ほか{len(names) - most}団体"] if len(names) > most else []
    return "、".join(names[:most] + more)


def empty_state(text: str, icon: str = "inbox") -> None:
    """Nothing to show, and why."""
    st.info(escaped(text), icon=f":material/{icon}:")


MADE_UP = "見本データ(架空)"
_MADE_UP = "made_up"


def demonstration_notice(principal: Principal) -> None:
    """Say so on every screen when what is recorded here is made up."""
    with suppress(DatabaseTroubleError):  # a database that is gone is for the page to speak of
        st.session_state[_MADE_UP] = context.answer(demonstration_view, principal)
    if made_up():
        st.warning(
            f"**{MADE_UP}** この画面の記録は、試すために作ったものです。"
            f"実在の{context.names().towns}や人とは関係ありません。",
            icon=":material/science:",
        )


def made_up() -> bool:
    """What :func:`demonstration_notice` found on this run, for pieces that run again alone too.

    A file is made later and elsewhere, with no session to look into: then the database is asked.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return context.answer(demonstration_view, PUBLIC)
    return bool(st.session_state.get(_MADE_UP))


def demo_day_notice() -> None:
    """Say so when the date is not today's."""
    if (day := context.settings().today) is not None:
        st.warning(
            f"日付を{day.isoformat()}に固定して表示しています(確認・説明用の設定)。",
            icon=":material/event:",
        )
