"""One Streamlit session over its websocket, held as the browser holds it.

Speaks the protobuf messages of the installed Streamlit. Like the browser it presents the
anti-forgery cookie, answers with the value of every widget on the page, follows the address the
page sets, and keeps the messages the server may refer to by hash. Whatever a reader would see as
a failure raises :class:`SessionError`: a benchmark of an error page is worth nothing.
"""

from __future__ import annotations

import http.client
from contextlib import ExitStack
from dataclasses import dataclass
from http.cookies import SimpleCookie
from time import perf_counter
from typing import Self

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from bench.widget_values import Widget, widget_of

HOST = "127.0.0.1"
_COOKIE = "_streamlit_xsrf"
_PATIENCE_SECONDS = 300


class SessionError(Exception):
    """The server answered with something other than the page."""


@dataclass(frozen=True)
class Run:
    """One run of the script.

    Attributes:
        seconds: From sending the request to the arrival of script_finished.
        size: Bytes received for it, without websocket framing.
        screen: The elements drawn, serialized, in order.
    """

    seconds: float
    size: int
    screen: tuple[bytes, ...]

    def shows(self, text: str) -> bool:
        """Whether an element contains a text."""
        return any(text.encode() in element for element in self.screen)


class Session:
    """An open page; the first ``rerun`` loads it.

    Args:
        port: Of a server on this machine; no other address is ever spoken to.
        page: Path of the page, empty for the first one.
        query: Its query string.
    """

    def __init__(self, port: int, page: str = "", query: str = "") -> None:
        self._page, self._query, self._page_hash = page, query, ""
        self._widgets: dict[str, Widget] = {}
        self._cache: dict[str, ForwardMsg] = {}
        self._ages: dict[str, int] = {}  # full runs since a cached message was last drawn
        self._longest_age = 0
        token = anti_forgery_token(port)
        self._open = ExitStack()
        socket = connect(
            f"ws://{HOST}:{port}/_stcore/stream",
            origin=Origin(f"http://{HOST}:{port}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            additional_headers={"Cookie": f"{_COOKIE}={token}"},
            max_size=None,
            proxy=None,
        )
        self._socket = self._open.enter_context(socket)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the page."""
        self._open.close()

    def change(self, label: str, value: object) -> None:
        """Give a widget another value, known to the server with the next rerun."""
        found = [widget for widget in self._widgets.values() if widget.label == label]
        if len(found) != 1:
            raise SessionError(f"{len(found)} widgets are labelled {label}")
        found[0].value = value

    def rerun(self) -> Run:
        """Send the widgets' values and wait until the script has finished.

        Raises:
            SessionError: An exception, an error message, another page, or no answer.
        """
        request = self._request()
        began, size = perf_counter(), 0
        screen: list[bytes] = []
        widgets: dict[str, Widget] = {}
        try:
            self._socket.send(request)
            while True:
                data = self._socket.recv(timeout=_PATIENCE_SECONDS)
                arrived, size = perf_counter(), size + len(data)
                message = self._resolved(ForwardMsg.FromString(bytes(data)))
                kind = message.WhichOneof("type")
                if kind == "delta" and message.delta.HasField("new_element"):
                    element = message.delta.new_element
                    _refuse_errors(element)
                    screen.append(element.SerializeToString())
                    if drawn := widget_of(element, self._widgets):
                        widgets[drawn.id] = drawn
                elif kind == "script_finished" and self._finished(message):
                    break
                else:
                    self._take_state(message)
        except TimeoutError:
            raise SessionError(f"no answer within {_PATIENCE_SECONDS} s") from None
        except ConnectionClosed as error:
            raise SessionError(f"the server closed the websocket: {error}") from None
        self._widgets = widgets
        return Run(arrived - began, size, tuple(screen))

    def _request(self) -> bytes:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self._page_hash
        if not self._page_hash:
            state.page_name = self._page
        state.cached_message_hashes.extend(self._cache)
        state.context_info.timezone = "Asia/Tokyo"
        state.context_info.locale = "ja-JP"
        state.widget_states.SetInParent()
        for widget in self._widgets.values():
            if widget.value is not None:
                sent = state.widget_states.widgets.add(id=widget.id)
                setattr(sent, widget.field, widget.value)
        return message.SerializeToString()

    def _resolved(self, message: ForwardMsg) -> ForwardMsg:
        if message.WhichOneof("type") == "ref_hash":
            if message.ref_hash not in self._cache:
                raise SessionError("the server refers to a message this session does not have")
            message = self._cache[message.ref_hash]
        if message.metadata.cacheable:
            self._cache[message.hash], self._ages[message.hash] = message, 0
        return message

    def _take_state(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._longest_age = message.new_session.config.max_cached_message_age
                self._page_hash = message.new_session.page_script_hash
            case "navigation":
                self._page_hash = message.navigation.page_script_hash
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "page_not_found":
                raise SessionError(f"no page named {self._page}")
            case "session_event" if message.session_event.HasField("script_compilation_exception"):
                raise SessionError(message.session_event.script_compilation_exception.message)

    def _finished(self, message: ForwardMsg) -> bool:
        if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            return False  # cut short by a newer run, whose end is still to come
        self._ages = {k: age + 1 for k, age in self._ages.items() if age < self._longest_age}
        self._cache = {k: self._cache[k] for k in self._ages}
        return True


def _refuse_errors(element: Element) -> None:
    if element.HasField("exception") and not element.exception.is_warning:
        raise SessionError(f"{element.exception.type}: {element.exception.message}")
    if element.HasField("alert") and element.alert.format == Alert.ERROR:
        raise SessionError(f"the page shows an error: {element.alert.body}")


def anti_forgery_token(port: int) -> str:
    """The cookie the server hands out; raises SessionError or OSError while it is not ready."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/_stcore/health")
        response = connection.getresponse()
        response.read()
        cookie = SimpleCookie(response.headers.get("Set-Cookie", ""))
    finally:
        connection.close()
    if response.status != 200 or _COOKIE not in cookie:
        raise SessionError(f"the server is not ready: status {response.status}")
    return cookie[_COOKIE].value
