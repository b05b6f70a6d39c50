"""組み立て中の照会: what is typed of one inquiry, kept in the session until it is saved or given up.

Fields of a question are drawn for the one that stands open; what the others hold is here. The keys of
all fields begin with the id of their form, so that they begin anew once it was accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

import streamlit as st

from core.inquiry.round import Inquiry, InquiryVersion
from core.inquiry.typed import (
    TypedComposition,
    TypedQuestion,
    options_of,
    typed_from,
    typed_of,
)
from dashboard.kit import carried
from dashboard.kit.address import open_detail, opened
from dashboard.kit.submit import request_id

QUESTION = "question"
"""Of the address: key of the question that stands open."""
_KEPT = ("base", "typed", "gone", "asked")
_OF_QUESTIONS = {each.name for each in fields(TypedQuestion)}
_OF_ALL = {each.name for each in fields(TypedComposition)}


class Working:
    """What is typed of one inquiry.

    Attributes:
        inquiry: As it is on record.
        typed: As it is typed.
    """

    def __init__(self, inquiry: Inquiry) -> None:
        """Go on from what the session holds and what the fields hold now, or begin from the record."""
        self.inquiry = inquiry
        self.form = form_of(inquiry.inquiry_id)
        self.key = f"{self.form}.{request_id(self.form)}"
        held = st.session_state.get(_held_at(self.form))
        self._gone: list[tuple[int, dict[str, Any]]] = held["gone"] if held else []
        self._base: int = held["base"] if held else self._last.version_id
        self._asked: bool = bool(held and held["asked"])
        self.typed = typed_from(held["typed"]) if held else typed_of(self._shown)
        self._absorb()
        self._keep()

    @property
    def _last(self) -> InquiryVersion:
        return self.inquiry.versions[-1]

    @property
    def _shown(self) -> Any:
        return replace(self._last.composition, closes_at=self.inquiry.closes_at)

    @property
    def base(self) -> InquiryVersion:
        """What it was begun from: seen by whoever types."""
        return self.inquiry.version_of(self._base)

    @property
    def stale(self) -> bool:
        """Whether somebody saved meanwhile."""
        return self._base != self._last.version_id

    @property
    def changed(self) -> bool:
        """Whether anything is typed that is not on record."""
        before = typed_of(replace(self.base.composition, closes_at=self.inquiry.closes_at))
        return _plain(self.typed) != _plain(before)

    @property
    def checked(self) -> bool:
        """Whether its reader wanted to publish: what stands against it is said from then on."""
        return self._asked

    @property
    def open(self) -> str:
        """Key of the question that stands open; empty for none."""
        key = opened(QUESTION)
        return key if self.typed.question(key) else ""

    def field(self, name: str) -> str:
        """The key of a field about the whole."""
        return f"{self.key}.all.{name}"

    def question_field(self, key: str, name: str) -> str:
        """The key of a field of a question."""
        return f"{self.key}.of.{key}.{name}"

    def put(self, typed: TypedComposition, shown: str | None = None) -> None:
        """Hold something else from here on.

        Args:
            shown: Key of the question that stands open then; None leaves it.
        """
        self.typed = typed
        self._keep()
        if shown is not None:
            open_detail(QUESTION, shown)

    def remove(self, key: str) -> None:
        """Take a question out, to be put back with :meth:`restore`."""
        place = [each.key for each in self.typed.questions].index(key)
        self._gone = [*self._gone, (place, asdict(self.typed.questions[place]))]
        self.put(self.typed.without(key), "" if self.open == key else None)

    @property
    def removed(self) -> str:
        """Words of the question removed last; empty for none."""
        return str(self._gone[-1][1]["label"] or "(設問文なし)") if self._gone else ""

    def restore(self) -> None:
        """Put the question removed last back where it stood."""
        *self._gone, (place, row) = self._gone
        kept = asdict(self.typed)
        kept["questions"] = [*kept["questions"][:place], row, *kept["questions"][place:]]
        self.put(typed_from(kept), str(row["key"]))

    def check(self) -> None:
        """From now on say what stands against publishing it."""
        self._asked = True
        self._keep()

    def rebase(self) -> None:
        """Take it that what was saved meanwhile was seen: what is typed goes over it."""
        self._base = self._last.version_id
        self._keep()

    def forget(self) -> None:
        """Give up what is typed; the fields begin anew."""
        st.session_state.pop(_held_at(self.form), None)
        carried.accepted(self.form)

    def saved(self) -> None:
        """What is typed is on record now, and the record is what is shown."""
        st.session_state.pop(_held_at(self.form), None)

    def _absorb(self) -> None:
        """Take over what the fields hold, those that are no longer drawn included."""
        for key in [str(each) for each in st.session_state]:
            if not key.startswith(f"{self.key}."):
                continue
            scope, _, name = key.removeprefix(f"{self.key}.").partition(".")
            value = _held(st.session_state[key])
            if scope == "all" and name in _OF_ALL:
                self.typed = replace(self.typed, **{name: value})
            elif scope == "of":
                of, _, name = name.partition(".")
                if name in _OF_QUESTIONS and self.typed.question(of):
                    self.typed = self.typed.put(of, **{name: value})

    def _keep(self) -> None:
        st.session_state[_held_at(self.form)] = {
            "base": self._base,
            "typed": asdict(self.typed),
            "gone": self._gone,
            "asked": self._asked,
        }


def form_of(inquiry_id: int) -> str:
    """Name of the form an inquiry is composed in."""
    return f"compose.{inquiry_id}"


def take_along(inquiry_id: int) -> None:
    """Keep what is typed in a field nobody sees, too: it outlives the server and the sign-in.

    Called on each run that shows the questions, before anything of them; see dashboard/kit/carried.
    """
    form, state = form_of(inquiry_id), st.session_state
    key, held = f"{form}.{request_id(form)}.kept", state.get(_held_at(form))
    if held:
        state[key] = json.dumps(held, ensure_ascii=False)
    with st.container(key="noriai_carried_form"):
        said = st.text_area("引き継ぎ", "", key=key, label_visibility="collapsed")
    if not held and said:
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            brought = json.loads(said)
            typed_from(brought["typed"])
            state[_held_at(form)] = {each: brought[each] for each in _KEPT}


def is_begun(inquiry_id: int) -> bool:
    """Whether the session holds something typed of an inquiry."""
    return _held_at(form_of(inquiry_id)) in st.session_state


def later(inquiry: Inquiry, change: Callable[[Working], None]) -> Callable[[], None]:
    """A widget's callback that changes what is typed, after what the fields hold was taken over."""
    return lambda: change(Working(inquiry))


def _held_at(form: str) -> str:
    return f"{form}.held"


def _held(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return tuple(value)
    return "" if value is None else value


def _plain(typed: TypedComposition) -> TypedComposition:
    """As it is compared: options by key and words, however the lines are written."""
    return replace(
        typed,
        codes=tuple(sorted(typed.codes)),
        questions=tuple(
            replace(
                each,
                known=(),
                options="\n".join(f"{o.key} {o.label}" for o in options_of(each)),
            )
            for each in typed.questions
        ),
    )
