"""Dated parameters kept between reads: never an old one, never one that was not committed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from core.params import Parameter
from core.store.engine import reading, writing
from core.store.parameters import PARAMETERS, all_parameters, recorded_parameters


def fee(engine: Engine, value: int) -> Parameter:
    """Another fee for the same day."""
    known = recorded_parameters(engine)
    return replace(next(p for p in known if p.name == "talent.unit_price"), value=value)


def record(engine: Engine, value: int) -> None:
    """Record another fee."""
    with writing(engine) as session:
        PARAMETERS.add(session, fee(engine, value), recorded_by="test")


def test_a_value_recorded_now_is_there_at_the_next_question(engine: Engine) -> None:
    before = recorded_parameters(engine)
    record(engine, 120_000)
    after = recorded_parameters(engine)
    assert after[:-1] == before
    assert after[-1].value == 120_000
    with reading(engine) as session:
        assert after == all_parameters(session)


def test_a_value_whose_transaction_failed_is_never_kept(engine: Engine) -> None:
    before, wrong = recorded_parameters(engine), fee(engine, 999_999)

    def fail() -> None:
        with writing(engine) as session:
            PARAMETERS.add(session, wrong, recorded_by="test")
            session.flush()
            assert len(all_parameters(session)) == len(before) + 1
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert recorded_parameters(engine) == before
    record(engine, 130_000)
    assert [p.value for p in recorded_parameters(engine)[len(before) :]] == [130_000]


def test_as_long_as_nothing_is_recorded_the_rows_are_read_once(engine: Engine) -> None:
    before = recorded_parameters(engine)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    assert recorded_parameters(engine) is before
    assert not statements
