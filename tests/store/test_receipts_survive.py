"""A program killed the moment after it recorded something: what was committed has its receipt."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest
from sqlalchemy import Engine

from core.commands.estimates import keep_estimate
from core.estimate.request import EstimateRequest, PlanChoice
from core.settings import PROJECT
from core.store.engine import reading
from core.store.estimates import ESTIMATES
from core.views.receipts import receipt_number_view, receipts_view
from tests.commands.examples import NOW, OFFICER, OURS
from tests.support.reference import REFERENCE

# Records one estimate after another; dies right after the fourth commit, before it could say so.
DIES = """
import os, signal, sys
from sqlalchemy import event, make_url
from core.store.engine import open_engine
from tests.store.test_receipts_survive import keep
engine = open_engine(make_url(sys.argv[1]))
for number in range(1, 5):
    if number == 4:
        event.listen(engine, "checkin", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    keep(engine, f"{sys.argv[2]}-{number}")
    print(f"{sys.argv[2]}-{number}", flush=True)
"""


def keep(engine: Engine, name: str, now: datetime = NOW) -> str:
    return keep_estimate(
        engine,
        OFFICER,
        lg_code=OURS,
        name=name,
        request=EstimateRequest(2023, (PlanChoice(6, 12),)),
        reference=REFERENCE,
        request_id=name,
        now=now,
    )


def killed(engine: Engine, name: str) -> list[str]:
    """What a writer said it had recorded before it was killed."""
    address = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", DIES, address, name]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_what_was_committed_is_found_and_not_recorded_twice(engine: Engine) -> None:
    for name in ("a", "b"):
        assert killed(engine, name) == [f"{name}-{number}" for number in (1, 2, 3)]
    sent = [f"{name}-{number}" for name in ("a", "b") for number in (1, 2, 3, 4)]
    with reading(engine) as session:
        kept = ESTIMATES.all(session)
    assert [each.name for each in kept] == sent  # the fourth was committed, and nobody told
    numbers = [receipt_number_view(engine, OFFICER, request_id=name) for name in sent]
    receipts = receipts_view(engine, OFFICER, lg_code=OURS)
    assert [each.number for each in receipts] == sorted(numbers, reverse=True)
    assert [each.detail["name"] for each in reversed(receipts)] == sent
    assert keep(engine, "b-4") == kept[-1].estimate_id  # pressed again
    assert receipts_view(engine, OFFICER, lg_code=OURS) == receipts
