"""What a reader sets going: a form that is submitted, a file that is made.

Both ask who is there when they run. A page may be old by then: the account disabled, the sign-in
over, the municipality another's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from inspect import signature
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access.principal import Principal, Role
from core.values.errors import (
    DashboardError,
    DatabaseTroubleError,
    InvalidInputError,
    PermissionDeniedError,
)
from core.views.receipts import receipt_number_view
from dashboard import context
from dashboard.kit import carried, outage, titles, widgets
from dashboard.kit.answer import NextStep, keep_answer
from dashboard.kit.chosen_file import awaited
from dashboard.kit.form import Place
from dashboard.kit.making import making
from dashboard.kit.sight import problem_mark

R = TypeVar("R")
_TYPES = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_NOT_ARRIVED = (
    "ファイルが届いていません。もう一度選ぶか、「ファイルを付けずに進む」を選んでください。"
)
_WHOSE = ";holder="
"""Stands in the kind of a made file before whose it is; dashboard/served/made_file.py takes it off."""


def submit(
    form: str,
    command: Callable[..., R],
    done: str | Callable[[R], str],
    places: Mapping[str, Place] | None = None,
    next_step: NextStep | tuple[Any, ...] | None = None,
) -> None:
    """Run a command for whoever is there; have its answer said at the button, or refuse right here.

    Success is told on the next run where that draws :func:`dashboard.kit.answer.answer` of this
    form, and above the page when it does not. The first problem has the focus.

    Args:
        form: Name of the form; its request id stays until it was accepted.
        command: A command of core whose own arguments are given (``partial(rename_estimate,
            name=name)``); who asks, when, request id and reference data are added.
        done: What tells of success; made from the command's result, it may also close what was
            open. Empty: what was made is shown otherwise.
        places: Places beneath fields, by field; other problems come together.
        next_step: What comes after: label, screen, what it is asked.
    """
    places = places or {}
    for place in places.values():
        place.clear()
    asked: dict[str, Any] = {}
    wanted = signature(command).parameters
    if "request_id" in wanted:
        asked["request_id"] = request_id(form)
    if "reference" in wanted:
        asked["reference"] = context.reference()
    if "clock" in wanted:
        asked["clock"] = context.clock()
    try:
        if awaited(form):
            raise InvalidInputError({"attachments": _NOT_ARRIVED})
        result = _recorded(command, asked)
    except DatabaseTroubleError as error:
        outage.say_here(error)
        return
    except DashboardError as error:
        if isinstance(error, PermissionDeniedError) and _ended():
            st.rerun()
        _show(error, places)
        return
    carried.accepted(form)
    if said := done if isinstance(done, str) else done(result):
        keep_answer(form, said + _receipt(asked.get("request_id", "")), next_step)
    st.rerun()


def refuse(problems: Mapping[str, str], places: Mapping[str, Place]) -> None:
    """Say what a form holds that cannot be read, as a command's refusal is said; none is asked."""
    for place in places.values():
        place.clear()
    _show(InvalidInputError(problems), places)


@contextmanager
def refusals_led_to() -> Iterator[None]:
    """As :func:`dashboard.kit.widgets.refusals_shown`, for what a click led to: the reader is led there."""
    try:
        yield
    except DatabaseTroubleError:
        raise
    except DashboardError as error:
        with problem_mark():
            widgets.show_refusal(error)


def _ended() -> bool:
    """Whether the sign-in is over since the page was drawn: the whole page says so then.

    A dialog runs alone, where nobody would.
    """
    return context.who().role is Role.PUBLIC and context.was_signed_in()


def _receipt(request: str) -> str:
    """The number an officer finds it under in わがまち; the database may be away again by now."""
    with suppress(DatabaseTroubleError):
        principal = context.who()
        if request and principal.role is Role.OFFICER:
            number = receipt_number_view(context.engine(), principal, request_id=request)
            return f" 受領番号 {number}" if number else ""
    return ""


def _recorded(command: Callable[..., R], asked: Mapping[str, Any]) -> R:
    """What the command says; while the database takes nothing, the same request again and again.

    Raises:
        DatabaseTroubleError: The command takes no request id: its reader decides whether again.
    """
    where: DeltaGenerator | None = None
    while True:
        try:
            return command(context.engine(), context.who(), now=context.now(), **asked)
        except DatabaseTroubleError as error:
            if "request_id" not in asked:
                raise
            where = where or st.empty()
            outage.hold(error, where)


def request_id(form: str) -> str:
    """The id of the form now on screen, the same until it was accepted; also for keys of widgets
    that begin anew then."""
    return carried.request_id(form)


def as_shown(key: str, current: int) -> int:
    """What the screen showed when its reader clicked, so that a stale form can be refused.

    Args:
        key: What is shown.
        current: Number of its last event or row now; 0 for none. Drawn in this run, it is what
            the next click saw.
    """
    shown = st.session_state.get(f"shown.{key}", current)
    st.session_state[f"shown.{key}"] = current
    return int(shown)


def _show(error: DashboardError, places: Mapping[str, Place]) -> None:
    problems = error.problems if isinstance(error, InvalidInputError) else {}
    beneath = [field for field in problems if field in places]
    titles.problem()
    for field in beneath:
        places[field].tell(problems[field])
    if not beneath:
        with problem_mark():
            widgets.show_refusal(error)
        return
    if rest := {field: text for field, text in problems.items() if field not in places}:
        with problem_mark():
            widgets.show_refusal(InvalidInputError(rest))
    st.error(
        f"{len(problems)}か所を直してください。入力した内容はそのまま残っています。",
        icon=":material/error:",
    )


def whose(kind: str) -> tuple[str, str | None]:
    """The kind of a file a button made, and the sign-in it was made for; None when none is noted."""
    plain, noted, rest = kind.partition(_WHOSE)
    holder, more, parameters = rest.partition(";")
    return f"{plain}{more}{parameters}", holder if noted else None


def download(
    label: str,
    make: Callable[[Principal], bytes],
    name: str,
    *,
    key: str,
    icon: str = ":material/download:",
    primary: bool = False,
    disabled: bool = False,
) -> None:
    """A button that has a file made for whoever is there when it is pressed.

    A refusal stands beside the button, in the words of dashboard/assets/page.js: no other text
    reaches the browser from there.

    Args:
        make: Asks a view or a command for what is in the file; a long one says what it is at
            (:func:`dashboard.kit.making.step`).
        name: Its ending says the kind.
        primary: It is what the screen is for.
    """
    asking, holder = context.who_later(), context.holder()

    def made() -> bytes:
        with making(holder, label):
            return make(asking())

    st.download_button(
        label,
        made,
        name,
        mime=f"{_TYPES[name.rpartition('.')[2]]}{_WHOSE}{holder}",
        icon=icon,
        type="primary" if primary else "secondary",
        width="stretch" if primary else "content",
        on_click="ignore",
        disabled=disabled,
        key=key,
    )
