"""The program that kills what can be killed, for as long as every kind of fault takes once."""

from __future__ import annotations

from bench.faults.mixed import KINDS, report, run


def test_nothing_answered_is_lost_or_doubled_whatever_is_killed() -> None:
    tally = run(lambda so_far: so_far.faults.total() < len(KINDS), writers=1, officers=1, servers=1)
    assert tally.fine(), "\n".join(report(tally))
    assert dict(tally.faults) == dict.fromkeys(KINDS, 1)
    assert tally.answered["officer"] > len(KINDS) / 2
    assert tally.answered.total() > tally.answered["officer"]
