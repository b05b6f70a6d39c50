"""The address of a page: what is asked and what is opened stands in it.

A page's question is a frozen dataclass; each field is declared once, with :func:`choice`,
:func:`day` and the like: its kind, what is usual, and what a refusal calls it. Reload, Back and a
copied link then show the same. Widgets hold the values under ``page.field``; a detail (one
training, one consultation) is read from the address alone, so that leaving it closes the detail.

A link that leads to the page one is on changes the script's parameters but not the browser's
address (streamlit issues 9050, 8115): the next click would bring back the old ones, and what was
typed meanwhile would be lost. Whatever newly arrives is therefore said to the browser before
anything is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import EnumType, StrEnum
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from core.access.principal import Principal
from core.values.fiscal import FiscalYear
from core.values.link import Part
from core.values.written_number import Measure, read_number
from dashboard import context
from dashboard.kit.copied import copied
from dashboard.kit.typed import escaped

TAB = "tab"
"""What an address calls the open tab of a page."""
_PAGE, _STAYED = "address.page", "address.stayed"
_LONGEST = 64


@dataclass(frozen=True)
class _Kind:
    """How one field is read and written.

    Attributes:
        key: Its parameter; empty where it is called as the field.
        read: What a text of the address says to a reader; ValueError with the words of a refusal.
        text: As the address says it, from the value or from what the widget holds; empty for none.
        shown: What the widget holds for a value.
        detail: Kept in the address alone.
    """

    key: str
    read: Callable[[str, Principal], Any]
    text: Callable[[Any], str]
    shown: Callable[[Any], Any]
    detail: bool = False


class Question:
    """Base of what a page is asked; its fields are declared by the functions below."""

    def query(self) -> dict[str, str]:
        """As an address says it: what is usual is left out, so that a bookmark means today."""
        return {
            each.key: each.kind.text(value)
            for each in _parts(type(self))
            if (value := getattr(self, each.name)) != each.usual
        }


Q = TypeVar("Q", bound=Question)


class _Part(NamedTuple):
    """A field as it is declared: its name, its parameter, its kind, what is usual now."""

    name: str
    key: str
    kind: _Kind
    usual: Any


def _parts(question: type[Question]) -> list[_Part]:
    found = []
    for each in fields(question):  # type: ignore[arg-type]
        kind: _Kind = each.metadata["kind"]
        usual = each.default if each.default_factory is MISSING else each.default_factory()
        found.append(_Part(each.name, kind.key or each.name, kind, usual))
    return found


def _declared(usual: Any, kind: _Kind) -> Any:
    if callable(usual):
        return field(default_factory=usual, metadata={"kind": kind})
    return field(default=usual, metadata={"kind": kind})


def choice(
    label: str,
    allowed: type[StrEnum] | Callable[[Principal], Collection[str]],
    usual: Any = None,
    *,
    key: str = "",
    barred: Callable[[str, Principal], str] = lambda *_: "",
) -> Any:
    """A member of an enum, or one of the texts a reader may choose; none chosen is the usual.

    Args:
        barred: Why a reader cannot have what there is; empty for what there is not.
    """

    def read(text: str, reader: Principal) -> str:
        options = allowed if isinstance(allowed, EnumType) else allowed(reader)
        for option in options:
            if option == text:
                return option
        raise ValueError(barred(text, reader) or refusal(label, text))

    return _declared(usual, _Kind(key, read, _plain, _plain))


def several(label: str, allowed: Callable[[Principal], Collection[str]], *, key: str = "") -> Any:
    """Any of some, divided by commas; usually none."""

    def read(text: str, reader: Principal) -> tuple[str, ...]:
        found = tuple(filter(None, text.split(",")))
        if unknown := [each for each in found if each not in allowed(reader)]:
            raise ValueError(refusal(label, unknown[0]))
        return found

    return _declared((), _Kind(key, read, ",".join, list))


def words(*, key: str = "") -> Any:
    """Words searched for; usually none."""
    return _declared("", _Kind(key, lambda text, _: text[:200].strip(), _plain, _plain))


def flag(key: str = "", barred: Callable[[Principal], str] = lambda _: "") -> Any:
    """Something that is usually not asked.

    Args:
        key: Its parameter.
        barred: Why a reader cannot have it; empty for whoever can.
    """

    def read(text: str, reader: Principal) -> bool:
        if text == "1" and (why := barred(reader)):
            raise ValueError(why)
        return text == "1"

    return _declared(False, _Kind(key, read, lambda value: "1" if value else "", bool))


def day(
    label: str,
    first: date,
    last: Callable[[], date],
    usual: Callable[[], date] | None = None,
    *,
    key: str = "",
    barred: Callable[[Principal], str] = lambda _: "",
) -> Any:
    """A day within bounds, both inclusive."""

    def read(text: str, reader: Principal) -> date:
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise ValueError(
                refusal(label, text, "は日付として読めません(例: 2023-06-01)。")
            ) from None
        if not first <= found <= last():
            raise ValueError(
                refusal(label, text, f"は使えません。{first}から{last()}までにしてください。")
            )
        if why := barred(reader):
            raise ValueError(why)
        return found

    return _declared(usual, _Kind(key, read, lambda d: d.isoformat() if d else "", _same))


def month(label: str, *, key: str = "") -> Any:
    """A month, as its first day; usually none."""

    def read(text: str, _: Principal) -> date:
        if (found := re.fullmatch(r"(20\d\d)-(\d\d)", text)) and 1 <= int(found[2]) <= 12:
            return date(int(found[1]), int(found[2]), 1)
        raise ValueError(refusal(label, text, "は使えません(例: 2022-08)。"))

    return _declared(None, _Kind(key, read, lambda first: f"{first:%Y-%m}" if first else "", _same))


def number(
    label: str,
    measure: Measure,
    usual: int | None = None,
    *,
    least: int = 0,
    most: int | None = None,
    key: str = "",
) -> Any:
    """A whole number, held by a field of :mod:`dashboard.kit.written`; none or nought is left out."""

    def read(text: str, _: Principal) -> int:
        try:
            return read_number(text, measure, least=least, most=most)
        except ValueError as error:
            raise ValueError(f"リンクの{label}: {error}") from None

    def shown(value: int | None) -> str:
        return f"{value:,}" if value else ""

    return _declared(usual, _Kind(key, read, _plain, shown))


def year(label: str, *, key: str = "") -> Any:
    """A 年度 as a number; usually none, which its widget holds as 0."""

    def read(text: str, _: Principal) -> int:
        try:
            return int(FiscalYear(int(text)))
        except ValueError:
            raise ValueError(refusal(label, text, "は使えません(例: 2022)。")) from None

    return _declared(None, _Kind(key, read, _plain, lambda value: value or 0))


def detail(*, key: str = "") -> Any:
    """Which one is open; usually none."""
    return _declared("", _Kind(key, lambda text, _: text[:_LONGEST], _plain, _plain, detail=True))


class InsteadError(ValueError):
    """A text of an address of which only a part could be used.

    Args:
        reason: What of it could not.
        instead: What stands in its place.
    """

    def __init__(self, reason: str, instead: Any) -> None:
        super().__init__(reason)
        self.instead = instead


def own(
    key: str,
    usual: Any,
    read: Callable[[str], Any],
    text: Callable[[Any], str],
    shown: Callable[[Any], Any],
) -> Any:
    """A kind of the page's own; ``read`` may raise :class:`InsteadError`."""
    return _declared(usual, _Kind(key, lambda said, _: read(said), text, shown))


def linked(
    part: Part, usual: Any, allowed: Any = None, read: Callable[[str], Any] | None = None
) -> Any:
    """A field that a kind of link has, too: parameter and words are those of the link.

    Args:
        allowed: What it may be; None for whatever can be read.
        read: For a field to type into: its reader.
    """

    def found(text: str) -> Any:
        try:
            value = (read or part.read)(text)
        except ValueError:
            raise ValueError(refusal(part.label, text)) from None
        if allowed is not None and value not in allowed:
            raise ValueError(refusal(part.label, text))
        return value

    def shown(value: Any) -> Any:
        if read is not None:
            return "" if value is None else part.write(value)
        return value.value if isinstance(value, StrEnum) else value

    return own(part.key, usual, found, str, shown)


def _plain(value: Any) -> str:
    return str(value) if value else ""


def _same(value: Any) -> Any:
    return value


def refusal(label: str, text: str, why: str = "は使えません。") -> str:
    """Why a text of an address is not taken."""
    return f"リンクの{label}「{text[:40]}」{why}"


def enter(page: str) -> None:
    """Note which page this run shows; called once a run, before the page."""
    st.session_state[_STAYED] = st.session_state.get(_PAGE) == page
    st.session_state[_PAGE] = page


def parsed(question: type[Q], address: Mapping[str, str], reader: Principal) -> tuple[Q, list[str]]:
    """The question an address stands for, and what of it could not be used, in Japanese."""
    values, problems = {}, []
    for each in _parts(question):
        values[each.name] = each.usual
        if text := address.get(each.key, ""):
            try:
                values[each.name] = each.kind.read(text, reader)
            except ValueError as error:
                problems.append(str(error))
                if isinstance(error, InsteadError):
                    values[each.name] = error.instead
    return question(**values), problems


def take(question: type[Q], page: str, reader: Principal) -> bool:
    """Hand what newly arrived to the widgets, and say what of it could not be used.

    Returns:
        Whether anything arrived.
    """
    asked = arrived(page, _keys(question))
    if asked is None:
        return False
    found, problems = parsed(question, asked, reader)
    for each in _parts(question):
        if not each.kind.detail:
            st.session_state[f"{page}.{each.name}"] = each.kind.shown(getattr(found, each.name))
    if problems:
        st.warning("\n\n".join(map(escaped, problems)), icon=":material/link_off:")
    return True


def current(question: type[Q], page: str, reader: Principal) -> Q:
    """The question as the widgets stand; what a reader cannot ask is the usual."""
    return standing(question, page, reader)[0]


def standing(question: type[Q], page: str, reader: Principal) -> tuple[Q, list[str]]:
    """The question as the widgets stand, and what of them cannot be read, in Japanese."""
    texts = {}
    for name, key, kind, _ in _parts(question):
        held = opened(key) if kind.detail else st.session_state.get(f"{page}.{name}")
        texts[key] = kind.text(held) if held else ""
    return parsed(question, texts, reader)


def write(page: str, question: Question) -> None:
    """Keep the address in step with a question, so that it can be copied at any time."""
    keep(page, question.query(), _keys(type(question)))


def forget(question: type[Q], page: str, *names: str) -> None:
    """Set some of the widgets back to what is usual; as a widget's callback."""
    for each in _parts(question):
        if each.name in names:
            st.session_state[f"{page}.{each.name}"] = each.kind.shown(each.usual)


def draw_link(page: str, query: Mapping[str, str]) -> None:
    """The whole address, to copy; with the tab that is open, which stands in the browser's, too."""
    tab = {TAB: opened(TAB)} if opened(TAB) else {}
    with st.expander("この画面のリンク", icon=":material/link:"):
        st.caption("このアドレスを開くと、同じ条件の画面が再現されます。")
        copied(context.address(page, {**query, **tab}))


def _keys(question: type[Question]) -> set[str]:
    return {each.key for each in _parts(question)}


def arrived(part: str, keys: Collection[str]) -> dict[str, str] | None:
    """What a link, Back or a reload newly asks.

    Args:
        part: Name of the page, or of the part of one that keeps parameters of its own.
        keys: The parameters of this part.

    Returns:
        The parameters that arrived; None while the reader goes on where they were, and when they
        come back by the menu: what was asked then still holds. An empty address on the page one
        is on asks for the usual.
    """
    asked = {key: text for key, text in st.query_params.to_dict().items() if key in keys}
    kept = st.session_state.get(f"address.{part}")
    stayed = st.session_state.get(_STAYED, False)
    if kept is not None and (asked == kept or not (asked or stayed)):
        return None
    if stayed:
        st.query_params.from_dict(st.query_params.to_dict())
    return asked


def kept(part: str) -> dict[str, str] | None:
    """What a part was last asked; None before it was drawn."""
    return st.session_state.get(f"address.{part}")


def note(part: str, query: Mapping[str, str]) -> None:
    """Take it that a part is asked this by the address as it stands."""
    st.session_state[f"address.{part}"] = dict(query)


def keep(part: str, query: Mapping[str, str], keys: Collection[str]) -> None:
    """Keep the address in step with what is asked.

    Args:
        part: As :func:`arrived` takes it.
        query: What is asked now; what is usual is left out.
        keys: As :func:`arrived` takes it; the parameters of other parts stay.
    """
    note(part, query)
    now = st.query_params.to_dict()
    whole = {key: text for key, text in now.items() if key not in keys} | dict(query)
    if now != whole:
        st.query_params.from_dict(whole)


def opened(key: str) -> str:
    """Which one is open, as the address says it; empty for none."""
    return st.query_params.get(key, "")[:_LONGEST]


def open_detail(key: str, which: str) -> None:
    """Open one, or close it with an empty text; Back undoes it. Also a widget's callback."""
    if which:
        st.query_params[key] = which
    else:
        st.query_params.pop(key, None)
