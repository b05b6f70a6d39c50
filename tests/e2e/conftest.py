"""What every journey starts from: a server of its own, Chromium, readers whose pictures are looked at at both sizes.

One file a journey; its server and database live as long as the file. A reader is opened with
``open_reader()`` and looked after until the test ends: whatever was asked of another host, and
every error of a script, fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.reader import SIZES, Reader
from tests.support.required import program
from tests.support.running import RunningServer, running_server
from tests.support.waiting import PATIENCE_SECONDS

expect.set_options(timeout=PATIENCE_SECONDS * 1000)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Nothing of the browser's own goes out either, it runs where there is no graphics card, and a page
# that lives for seconds is not worth compiling twice: that took a sixth of the browser's work.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--js-flags=--no-opt --no-maglev --single-threaded-gc",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file: its event loop must not be there when other tests start theirs."""
    chromium = program("Chromium", *_NAMES)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[*_ARGUMENTS])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def day() -> date | None:
    """The day the server believes it is; a journey may say another, or None for today."""
    return date(2026, 11, 24)


@pytest.fixture(scope="module")
def extra() -> Mapping[str, str]:
    """Settings of the server beside those every journey has; a journey may have its own."""
    return {}


@pytest.fixture(scope="module")
def server(
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
    day: date | None,
    extra: Mapping[str, str],
) -> Iterator[RunningServer]:
    """The server of one file, over a database as a first start leaves it."""
    with running_server(tmp_path_factory.mktemp("server"), day, extra) as running:
        yield running


@pytest.fixture
def size() -> str:
    """Where readers act. Where that decides, a test says ``parametrize("size", BOTH)``."""
    return "wide"


@pytest.fixture
def open_reader(
    browser: Browser, server: RunningServer, size: str
) -> Iterator[Callable[..., Reader]]:
    """Opens a new browser window without cookies; each is checked when the test is over.

    ``open_reader("narrow")`` has another size than the test.
    """
    readers: list[Reader] = []

    def opened(at: str = size) -> Reader:
        width, height = SIZES[at]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            accept_downloads=True,
            ignore_https_errors=server.address.startswith("https:"),  # a certificate of the test
            reduced_motion="reduce",  # a click between two frames of a fold would meet nothing
        )
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        readers.append(Reader(context, server, at))
        return readers[-1]

    yield opened
    for reader in readers:
        reader.page.context.close()
    assert [url for reader in readers for url in reader.foreign] == []
    assert [error for reader in readers for error in reader.broken] == []


@pytest.fixture
def reader(open_reader: Callable[[], Reader]) -> Reader:
    """One reader, not signed in."""
    return open_reader()
