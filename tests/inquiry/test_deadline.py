"""43 municipalities hand in within the second around a deadline, from several servers, one of them killed.

Whatever the machine's pace: every answer is in or refused with the reason, none is lost, none is there
twice, none after the deadline by the clock of the database.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

import pytest
from sqlalchemy import Engine, make_url

from core.access.principal import CONSOLE, Principal, Role
from core.commands.inquiries import compose_inquiry, publish_inquiry, take_inquiry_step
from core.commands.responses import hand_in
from core.inquiry.composition import Composition
from core.inquiry.question import Question
from core.inquiry.round import InquiryStep
from core.settings import PROJECT
from core.store.audit import AuditFilter
from core.store.engine import open_engine, reading
from core.store.inquiries import database_clock, inquiry_of, responses
from core.values.errors import ConflictError
from core.views.administration import audit_check_view, audit_view
from core.views.response_receipts import receipt_check_view
from tests.support.reference import REFERENCE

CODES = list(REFERENCE.by_code)
EARLY, SERVERS, DIES_AFTER = 3, 4, 3
AROUND = timedelta(seconds=1)
Outcome = dict[str, object]


def officer(code: str) -> Principal:
    return Principal(f"tanto-{code}", "担当", Role.OFFICER, code)


def clock(engine: Engine) -> datetime:
    with reading(engine) as session:
        return database_clock(session)


def answered(engine: Engine, inquiry_id: int, code: str) -> Outcome:
    """What an officer is told who presses 提出する, once or again."""
    try:
        receipt = hand_in(
            engine,
            officer(code),
            lg_code=code,
            inquiry_id=inquiry_id,
            typed={"q": f"{code}の回答"},
            seen_revision=0,
            seen_event=0,
            reference=REFERENCE,
            clock=database_clock,
            request_id=f"press-{code}",
            now=clock(engine),
        )
    except ConflictError as error:
        return {"code": code, "refused": str(error)}
    return {"code": code, "number": receipt.number, "digest": receipt.digest}


def serve(address: str, inquiry_id: int, dies: str, *codes: str) -> None:
    """A server: waits for the deadline to be said, then everybody of its own presses around it."""
    engine = open_engine(make_url(address))
    clock(engine)
    print("ready", flush=True)
    deadline = datetime.fromisoformat(sys.stdin.readline().strip())
    done, out = count(1), Lock()

    def press(place: int) -> None:
        moment = deadline + AROUND * (place / len(codes) - 0.5)
        while clock(engine) < moment:
            time.sleep(0.005)
        told = answered(engine, inquiry_id, codes[place])
        if dies == "dies" and next(done) == DIES_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)  # recorded, and nobody is told
        with out:
            print(json.dumps(told, ensure_ascii=False), flush=True)

    with ThreadPoolExecutor(len(codes)) as pool:
        list(pool.map(press, range(len(codes))))
    engine.dispose()


def asked(engine: Engine) -> int:
    now = clock(engine)
    composition = Composition(
        "締切のある照会",
        2026,
        now - timedelta(days=1),
        now + timedelta(days=1),
        questions=(Question("q", "text", "ひとこと"),),
    )
    made = compose_inquiry(
        engine,
        CONSOLE,
        inquiry_id=0,
        composition=composition,
        seen_version=0,
        request_id="compose",
        now=now,
    )
    publish_inquiry(
        engine,
        CONSOLE,
        inquiry_id=made,
        seen_version=1,
        reference=REFERENCE,
        request_id="publish",
        now=now,
    )
    return int(made)


def deadline_said(engine: Engine, inquiry_id: int) -> datetime:
    with reading(engine) as session:
        seen = inquiry_of(session, inquiry_id).events[-1].event_id
    closes_at = clock(engine) + 2 * AROUND
    take_inquiry_step(
        engine,
        CONSOLE,
        inquiry_id=inquiry_id,
        step=InquiryStep.EXTENDED,
        closes_at=closes_at,
        reason="",
        reference=REFERENCE,
        seen_event=seen,
        clock=database_clock,
        request_id="deadline",
        now=clock(engine),
    )
    return closes_at


@pytest.fixture
def servers(engine: Engine) -> Iterator[tuple[int, list[subprocess.Popen[str]]]]:
    inquiry_id = asked(engine)
    script = "import sys; from tests.inquiry.test_deadline import serve; a, i, d, *c = sys.argv[1:]; serve(a, int(i), d, *c)"  # fmt: skip
    address = engine.url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, address, str(inquiry_id), "dies" if not n else "lives",
             *CODES[EARLY + n :: SERVERS]],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for n in range(SERVERS)
    ]  # fmt: skip
    yield inquiry_id, running
    for each in running:
        each.kill()
        each.communicate()


def told(lines: str) -> Iterable[Outcome]:
    return (json.loads(line) for line in lines.splitlines())


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_everybody_is_in_or_refused_and_every_receipt_verifies(
    engine: Engine, servers: tuple[int, list[subprocess.Popen[str]]]
) -> None:
    inquiry_id, running = servers
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    outcomes = {code: answered(engine, inquiry_id, code) for code in CODES[:EARLY]}
    closes_at = deadline_said(engine, inquiry_id)
    for each in running:
        assert each.stdin is not None
        each.stdin.write(f"{closes_at.isoformat()}\n")
        each.stdin.flush()
    for each in running:
        for said in told(each.communicate()[0]):
            outcomes[str(said["code"])] = said
    assert [each.returncode for each in running] == [-signal.SIGKILL, 0, 0, 0]
    untold = [code for code in CODES if code not in outcomes]
    assert set(untold) <= set(CODES[EARLY::SERVERS])
    assert untold  # the killed one told not everybody: they press again
    for code in untold:
        outcomes[code] = answered(engine, inquiry_id, code)

    with reading(engine) as session:
        kept = responses(session, inquiry_of(session, inquiry_id))
    are_in = {code for code, said in outcomes.items() if "number" in said}
    assert set(CODES[:EARLY]) <= are_in < set(CODES)  # whoever waited for the deadline was too late
    for code in CODES:
        handed_in = kept[code].handed_in
        if code not in are_in:
            assert handed_in == ()
            assert "を過ぎたため提出できません" in str(outcomes[code]["refused"])
            continue
        [event] = handed_in
        assert event.recorded_at < closes_at
        assert not event.late
        assert event.answers == {"q": f"{code}の回答"}
        checked = receipt_check_view(
            engine,
            officer(code),
            lg_code=code,
            number=int(str(outcomes[code]["number"])),
            digest=str(outcomes[code]["digest"]),
        )
        assert checked.matches
        assert not checked.superseded
    trail = audit_view(engine, CONSOLE, wanted=AuditFilter(action="response:hand_in")).entries
    assert sorted(str(each.lg_code) for each in trail) == sorted(are_in)
    assert audit_check_view(engine, CONSOLE).findings == []
    again = {code: answered(engine, inquiry_id, code) for code in are_in}
    assert again == {code: outcomes[code] for code in are_in}  # pressed once more: the same receipt
