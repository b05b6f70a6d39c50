"""``/media/…``: a finished file is there until it is fetched, however many scripts end meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from dashboard.served import made_file
from dashboard.served.made_file import HELD_SECONDS, HeldFiles


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets how many seconds have passed."""
    at = 0.0

    def passed(seconds: float) -> None:
        nonlocal at
        at = seconds

    monkeypatch.setattr(made_file, "monotonic", lambda: at)
    return passed


def made(files: MediaFileManager, content: bytes) -> str:
    """The name of a file as a pressed button has it made."""
    asked = files.add_deferred(lambda: content, "text/csv;holder=x", "1", "名簿.csv")
    return files.execute_deferred(asked).rpartition("/")[2]


def scripts_end(files: MediaFileManager) -> None:
    for _ in range(3):
        files.remove_orphaned_files()


def test_a_finished_file_outlives_the_scripts_that_end_but_not_for_ever(
    moment: Callable[[float], None],
) -> None:
    files = MediaFileManager(HeldFiles("/media"))
    name = made(files, b"1")
    scripts_end(files)
    moment(HELD_SECONDS - 1)
    made(files, b"2")
    scripts_end(files)
    assert files.read_file(name)
    assert made(files, b"1") == name  # pressed once more: held from then on
    scripts_end(files)
    moment(HELD_SECONDS + 1)
    made(files, b"3")
    scripts_end(files)
    assert files.read_file(name)
    moment(3 * HELD_SECONDS)
    made(files, b"4")
    scripts_end(files)
    assert files.read_file(name) is None


def test_what_is_held_has_an_end_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_file, "_MOST_BYTES", 25)
    files = MediaFileManager(HeldFiles("/media"))
    names = []
    for n in range(4):
        names.append(made(files, bytes([n]) * 10))
        scripts_end(files)
    assert [files.read_file(name) is not None for name in names] == [False, False, True, True]
