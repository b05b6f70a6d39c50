"""Walls and officers over real websockets and event streams, many of them in one event loop.

A wall does what dashboard/assets/wall/wall.js does: it listens to ``/live`` and asks for one rerun
of its fragment when the revision moved. An officer opens プラン選択・費用試算, opens the tab for
handing in and presses the button.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from secrets import token_hex
from time import perf_counter
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from bench.session_client import HOST, SessionError, anti_forgery_token

_SESSION_COOKIE, _ANTI_FORGERY = "noriai_session", "_streamlit_xsrf"
_PATIENCE_SECONDS = 300
_FINISHED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


class Page:
    """An open page of somebody signed in.

    Attributes:
        data: What the component on it was given last; empty without one.
    """

    def __init__(self, port: int, path: str, query: str, token: str) -> None:
        self._port, self._path, self._query, self._token = port, path, query, token
        self._hash = ""
        self._values: dict[str, tuple[str, Any]] = {}
        self._buttons: dict[str, str] = {}
        self._tabs, self._component, self._fragment = "", "", ""
        self.data: dict[str, Any] = {}
        self._socket: ClientConnection

    async def open(self) -> None:
        """Connect and run the script for the first time."""
        forgery = await asyncio.to_thread(anti_forgery_token, self._port)
        self._socket = await connect(
            f"ws://{HOST}:{self._port}/_stcore/stream",
            origin=Origin(f"http://{HOST}:{self._port}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(forgery)],
            additional_headers={
                "Cookie": f"{_ANTI_FORGERY}={forgery}; {_SESSION_COOKIE}={self._token}"
            },
            max_size=None,
            proxy=None,
        )
        await self._run({}, "")

    async def close(self) -> None:
        """Leave."""
        await self._socket.close()

    async def choose_tab(self, title: str) -> None:
        """Open a tab, which runs the script."""
        self._values[self._tabs] = ("string_value", title)
        await self._run({}, "")

    async def press(self, label: str) -> None:
        """Press a button, which runs the script."""
        await self._run({self._buttons[label]: ("trigger_value", True)}, "")

    async def trigger(self, event: str) -> None:
        """Have the component raise an event, which runs its fragment."""
        events = json.dumps([{"event": event, "value": token_hex(8)}])
        widget = f"$$STREAMLIT_INTERNAL_KEY_{self._component}__events"
        await self._run({widget: ("json_trigger_value", events)}, self._fragment)

    async def _run(self, once: dict[str, tuple[str, Any]], fragment: str) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self._hash
        state.fragment_id = fragment
        if not self._hash:
            state.page_name = self._path
        state.context_info.timezone = "Asia/Tokyo"
        state.widget_states.SetInParent()
        for key, (field, value) in (self._values | once).items():
            setattr(state.widget_states.widgets.add(id=key), field, value)
        await self._socket.send(message.SerializeToString())
        while True:
            async with asyncio.timeout(_PATIENCE_SECONDS):  # wait_for may swallow a cancellation
                received = await self._socket.recv()
            answer = ForwardMsg.FromString(bytes(received))  # type: ignore[arg-type]
            match answer.WhichOneof("type"):
                case "new_session":
                    self._hash = answer.new_session.page_script_hash
                case "delta" if answer.delta.HasField("new_element"):
                    self._take(answer.delta.new_element, answer.delta.fragment_id)
                case "delta" if answer.delta.HasField("add_block"):
                    self._take_block(answer.delta.add_block)
                case "navigation":
                    self._hash = answer.navigation.page_script_hash
                case "page_info_changed":
                    self._query = answer.page_info_changed.query_string
                case "script_finished" if answer.script_finished in _FINISHED:
                    return

    def _take(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise SessionError(f"{element.exception.type}: {element.exception.message}")
        if kind == "button":
            self._buttons[element.button.label] = element.button.id
        elif kind == "bidi_component" and element.bidi_component.json:
            self._component, self._fragment = element.bidi_component.id, fragment
            self.data = json.loads(element.bidi_component.json)

    def _take_block(self, block: Block) -> None:
        if block.WhichOneof("type") == "tab_container":
            self._tabs = block.tab_container.id


class Wall:
    """A wall on its own connection.

    Attributes:
        seen: (moment, revision) of everything that reached it, oldest first.
    """

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._page = Page(port, "meeting", "", token)
        self._told = 0
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.seen: list[tuple[float, int]] = []

    async def open(self) -> None:
        """Draw it once, then listen."""
        await self._page.open()
        if "revision" not in self._page.data:
            raise SessionError("the page shows no wall")
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._redraw())]

    async def close(self) -> None:
        """Leave."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._page.close()

    def told(self, event: bytes) -> None:
        """An event of the stream began; for who wants to know."""

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        request = (
            f"GET /live HTTP/1.1\r\nHost: {HOST}:{self._port}\r\n"
            f"Cookie: {_SESSION_COOKIE}={self._token}\r\n\r\n"
        )
        writer.write(request.encode())
        try:
            status = await reader.readline()
            if b" 200 " not in status:
                raise SessionError(f"/live answers {status.decode().strip()}")
            event = b""
            while line := (await reader.readline()).strip(b"\r\n ") or b" ":
                if line.startswith(b"event: "):
                    event = line[7:]
                    self.told(event)
                elif line.startswith(b"data: ") and event == b"revision":
                    self._told = int(line[6:])
                    self._news.set()
        finally:
            writer.close()

    async def _redraw(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._page.data["revision"] < self._told:
                await self._page.trigger("revision")
                self.seen.append((perf_counter(), self._page.data["revision"]))
