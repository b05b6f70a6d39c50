"""What every test of a screen starts from: templates of the databases, and a browser's session."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import event
from streamlit.components.v2 import manifest_scanner

from dashboard import context
from tests.support.screens import TODAY, Screens, Template, fill, with_every_role


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """AppTest makes the script the main module; a process spawned later would run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session", autouse=True)
def _packages_looked_through_once() -> Iterator[None]:
    """Every AppTest reads the papers of every installed package, in search of components."""
    with pytest.MonkeyPatch.context() as patched:
        looked = functools.cache(manifest_scanner.scan_component_manifests)
        patched.setattr(manifest_scanner, "scan_component_manifests", looked)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_database_of_this_machine(templates: dict[str, Template]) -> Iterator[None]:
    """What asks for the catalogue without a screen of its own finds an empty one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NORIAI_DATABASE_URL", f"sqlite:///{templates['empty'].path}")
        yield


@pytest.fixture(scope="session")
def templates(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Template]:
    folder = tmp_path_factory.mktemp("screens")
    empty = folder / "empty.db"
    tokens = with_every_role(empty, sqlite_template)
    filled = folder / "filled.db"
    shutil.copyfile(empty, filled)
    fill(filled)
    return {"empty": Template(empty, tokens), "filled": Template(filled, tokens)}


@pytest.fixture
def screens_on(
    templates: dict[str, Template],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[str], Screens]]:
    """Makes the screens stand on a copy of the empty or the filled database."""
    path = tmp_path / "screens.db"
    for name in [name for name in os.environ if name.startswith("NORIAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("NORIAI_TODAY", TODAY.isoformat())
    cookies: dict[str, str] = {}
    # AppTest stands a mock in for the server, and the mock's cookies are mocks.
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _self: cookies))
    caches = (context.settings, context.engine, context._answered)

    def on(database: str) -> Screens:
        if context.engine.cache_info().currsize:
            context.engine().dispose()  # what it wrote beside the file would be read into the next
        shutil.copyfile(templates[database].path, path)
        for cache in caches:
            cache.cache_clear()
        engine = context.engine()
        screens = Screens(engine, templates[database].tokens, cookies)

        @event.listens_for(engine, "checkout")
        def _listen(connection: object, *_: object) -> None:
            connection.set_trace_callback(screens.statements.append)  # type: ignore[attr-defined]

        return screens

    yield on
    if context.engine.cache_info().currsize:
        context.engine().dispose()
    for cache in caches:
        cache.cache_clear()
