"""A short run of bench/faults/fuzz_files.py: damaged files of every kind, nothing but sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.faults import fuzz_files
from bench.faults.fuzz_files import Database, Outcome, a_database, fuzz, kinds

FILES = 25


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with a_database() as made:
        yield made


@pytest.mark.filterwarnings("ignore::UserWarning:zipfile")  # of what it is made to write
def test_damaged_files_are_taken_or_refused_in_a_sentence(database: Database) -> None:
    known = kinds(database.engine())
    outcomes = {name: fuzz(kind, FILES, f"test/{name}", database) for name, kind in known.items()}
    assert {name: found.tracebacks + found.half for name, found in outcomes.items()} == {
        name: [] for name in known
    }
    for name, found in outcomes.items():
        assert found.files == FILES
        assert found.said["taken"], name
        assert found.said["refused"], name


@pytest.mark.filterwarnings("ignore::UserWarning:zipfile")
def test_what_goes_wrong_would_be_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = kinds(database.engine())["ledger.csv"]
    calls = iter(range(1_000))
    monkeypatch.setattr(fuzz_files, "rows", lambda _engine: (next(calls), 0, 0))

    def fails(*_asked: object) -> tuple[int, int, int]:
        raise ZeroDivisionError

    broken = fuzz(fuzz_files.Kind(kind.seeds, kind.own, fails), 2, "x", database)
    assert (len(broken.tracebacks), len(broken.half), broken.is_clean) == (2, 2, False)
    assert Outcome(seconds=[6.0]).is_clean is False
