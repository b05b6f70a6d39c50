"""An officer in front of プラン選択・費用試算 who keeps one estimate after the other."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

from streamlit.proto.Element_pb2 import Element
from websockets.exceptions import WebSocketException

from bench.session_client import SessionError
from bench.wall_client import Page

YEAR = 2027
_LEAVING_SECONDS = 5.0
"""What was killed under it says no goodbye."""
NAME, BUTTON = "試算の名前", "この試算を保存"


class _Plans(Page):
    """The page, with its field for a name and what it tells of success."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(port, "plans", f"fy={YEAR}&plans=6:12", token)
        self._name = ""
        self.told: list[str] = []

    async def keep(self, mark: str) -> None:
        """Type a name and press the button."""
        if not (self._name and BUTTON in self._buttons):
            raise SessionError("the page does not show the form")
        self.told.clear()
        self._values[self._name] = ("string_value", mark)
        await self.press(BUTTON)

    def _take(self, element: Element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "alert":
            self.told.append(element.alert.body)
        elif kind == "text_input" and element.text_input.label == NAME:
            self._name = element.text_input.id
        super()._take(element, fragment)


class Officer:
    """One of a municipality, on one server until it is gone, then on another.

    Attributes:
        answered: The marks of which the screen said that they are kept.
    """

    def __init__(self, name: str, lg_code: str, token: str) -> None:
        self.name, self.lg_code = name, lg_code
        self.answered: list[str] = []
        self._token = token
        self._page: _Plans | None = None

    async def keep(self, mark: str, ports: list[int]) -> None:
        """Keep an estimate and see the screen say so.

        Raises:
            SessionError: The screen says something else.
            OSError, WebSocketException, TimeoutError: Nobody answered.
        """
        if self._page is None:
            page = _Plans(random.choice(ports), self._token)  # noqa: S311
            await page.open()
            self._page = page
        await self._page.keep(mark)
        if not any(mark in told and "保存しました" in told for told in self._page.told):
            raise SessionError(f"the page does not say that {mark} is kept: {self._page.told}")

    async def leave(self) -> None:
        """Close the page, whatever is left of it."""
        page, self._page = self._page, None
        if page is not None:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with asyncio.timeout(_LEAVING_SECONDS):
                    await page.close()
