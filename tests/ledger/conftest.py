"""Databases by the dozen: a state machine wants a fresh one for every run."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine

from core.store.engine import open_engine


@pytest.fixture
def fresh_engine(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Engine]]:
    """Opens a new database with schema and parameters each time; the one before is closed."""
    numbers = itertools.count()
    opened: list[Engine] = []
    postgres = database_kind == "postgres"
    databases = request.getfixturevalue("postgres_databases") if postgres else None
    template = None if postgres else request.getfixturevalue("sqlite_template")

    def close() -> None:
        while opened:
            engine = opened.pop()
            engine.dispose()
            if databases is not None:
                databases.drop(engine.url)

    def open_another() -> Engine:
        close()
        if databases is not None:
            url = databases.ready()
        else:
            path = tmp_path / f"fresh_{next(numbers)}.db"
            shutil.copyfile(template, path)
            url = URL.create("sqlite", database=str(path))
        opened.append(open_engine(url))
        return opened[-1]

    yield open_another
    close()
