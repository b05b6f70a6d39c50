"""The process that reads files: kept while it works, ended when it does not, gone with the server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil
import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal
from core.commands.consultations import request_consultation, write_message
from core.commands.ledger_import import import_ledger
from core.consultation.attachment import OfferedFile
from core.imports import reader_process
from core.imports.ledger.table import table_of
from core.imports.reader_process import BUSY, FAILED, GAVE_UP, READERS, ReaderProcesses
from core.procurement.layout import Column
from core.settings import PROJECT
from core.store.engine import writing
from core.values.errors import InvalidInputError
from tests.project.test_layers import imports
from tests.support.consultations import FORM, NOW, OURS, PDF, ask, officer_of
from tests.support.reference import REFERENCE
from tests.support.waiting import wait_until

GOOD = "団体名,共同調達,種類,適用日,出典\n堺市,docs,予定,R5.6.1,通知\n".encode()
JOBS = """
import os, signal, sys, time
import core.imports.reader_worker as worker
def endless(contents, options):
    while True: pass
    yield
def sleeping(contents, options):
    time.sleep(1000)
    yield
def greedy(contents, options):
    yield len(bytearray(20_000_000_000))
def killed(contents, options):
    os.kill(os.getpid(), signal.SIGKILL)
    yield
def fallen(contents, options):
    os.abort()
    yield
def writing(contents, options):
    with open(options, "w") as file: file.write("x" * 100)
    yield "written"
def mistaken(contents, options):
    yield 1 / 0
def printing(contents, options):
    print("no answer", flush=True)
    os.write(1, b"nor this")
    yield "answer"
def surroundings(contents, options):
    yield [dict(os.environ), sorted(sys.modules)]
worker.WORK_SECONDS, worker.WALL_SECONDS = 1, 5
worker.JOBS = {**worker.JOBS, **{each.__name__: each for each in (
    endless, sleeping, greedy, killed, fallen, writing, mistaken, printing, surroundings)}}
worker.main()
"""


@pytest.fixture
def readers() -> Iterator[ReaderProcesses]:
    """Whose process knows jobs that go wrong, and loses patience soon."""
    made = ReaderProcesses(1, 0, (sys.executable, "-c", JOBS))
    yield made
    made.close()


def answer(readers: ReaderProcesses, job: str, options: Any = None) -> list[Any]:
    with readers.read(job, [GOOD], options) as parts:
        return list(parts)


def refusal(readers: ReaderProcesses, job: str, options: Any = None) -> str:
    with pytest.raises(InvalidInputError) as refused:
        answer(readers, job, options)
    return str(refused.value)


def test_one_process_reads_one_file_after_the_other(readers: ReaderProcesses) -> None:
    first = answer(readers, "ledger")
    assert first == answer(readers, "ledger")
    (row,), _ = table_of(iter(first))
    assert (row.line, row.cells[Column.NAME].text) == (2, "堺市")
    pids = readers.pids
    assert len(pids) == 1
    refusal(readers, "attendance")  # a file that is refused is no reason to end
    assert readers.pids == pids


@pytest.mark.parametrize("job", ["endless", "sleeping", "greedy", "killed", "fallen"])
def test_what_takes_too_much_or_falls_is_ended_and_the_next_file_is_read(
    job: str, readers: ReaderProcesses
) -> None:
    assert refusal(readers, job) == GAVE_UP
    assert readers.pids == ()
    assert len(answer(readers, "ledger")) == 2


def test_a_mistake_of_ours_is_said_in_a_sentence_and_written_down_once(
    readers: ReaderProcesses, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal(readers, "mistaken") == FAILED
    assert caplog.text.count("ZeroDivisionError") == 1
    assert len(answer(readers, "ledger")) == 2


def test_it_writes_no_file_and_what_it_prints_is_no_answer(
    readers: ReaderProcesses, tmp_path: Path
) -> None:
    if sys.platform != "win32":
        assert refusal(readers, "writing", str(tmp_path / "left")) in (GAVE_UP, FAILED)
        assert (tmp_path / "left").stat().st_size == 0
    assert answer(readers, "printing") == ["answer"]


def test_it_is_told_no_secret_and_loads_nothing_it_does_not_need(
    readers: ReaderProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", "postgresql://noriai:secret@db/noriai")
    monkeypatch.setenv("PGPASSWORD", "secret")
    ((environment, modules),) = answer(readers, "surroundings")
    assert "secret" not in json.dumps(environment)
    heavy = {"streamlit", "sqlalchemy", "pydantic", "pandas", "openpyxl", "core.store", "core.cli"}
    assert heavy & set(modules) == set()


def test_one_that_died_while_it_waited_is_not_noticed(readers: ReaderProcesses) -> None:
    answer(readers, "ledger")
    (pid,) = readers.pids
    psutil.Process(pid).kill()
    wait_until(lambda: is_gone(pid), "the process ends")
    assert len(answer(readers, "ledger")) == 2


def test_who_leaves_in_the_middle_leaves_no_process_and_no_place_behind(
    readers: ReaderProcesses,
) -> None:
    def leave() -> None:
        with readers.read("ledger", [GOOD * 1000]) as parts:
            raise KeyError(next(parts))

    with pytest.raises(KeyError):
        leave()
    assert readers.pids == ()
    assert len(answer(readers, "ledger")) == 2


def test_who_comes_when_all_places_are_taken_is_asked_to_come_again(
    readers: ReaderProcesses,
) -> None:
    with readers.read("ledger", [GOOD]) as parts:
        assert refusal(readers, "ledger") == BUSY
        assert len(list(parts)) == 2
    assert len(answer(readers, "ledger")) == 2


def test_who_waits_is_served_when_the_one_before_is_done() -> None:
    readers, served, entered = ReaderProcesses(1, 1), Event(), Event()

    def wait_for_a_turn() -> None:
        entered.set()
        answer(readers, "ledger")
        served.set()

    try:
        with readers.read("ledger", [GOOD]) as parts:
            waiting = Thread(target=wait_for_a_turn)
            waiting.start()
            entered.wait()
            assert len(list(parts)) == 2
            assert not served.is_set()
        waiting.join()
        assert served.is_set()
    finally:
        readers.close()


def test_who_waited_too_long_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_process, "WAIT_SECONDS", 0.01)
    readers = ReaderProcesses(1, 5)
    try:
        with readers.read("ledger", [GOOD]):
            assert refusal(readers, "ledger") == BUSY
    finally:
        readers.close()


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


SERVER = """
import sys, threading, time
from core.imports.reader_process import ReaderProcesses
readers = ReaderProcesses(1, 0, (sys.executable, "-c", sys.argv[1]))
with readers.read(sys.argv[2], [b""]) as parts:
    threading.Thread(target=lambda: list(parts)).start()
    while not readers.pids:
        time.sleep(0.01)
    print(*readers.pids, flush=True)
    time.sleep(1000)
"""


@pytest.mark.parametrize("job", ["printing", "endless"])
def test_a_server_that_is_killed_leaves_no_process_behind(job: str) -> None:
    """An idle one notices that nobody can ask any more, a busy one loses patience with its file."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, JOBS, job], stdout=subprocess.PIPE, cwd=PROJECT
    )
    assert server.stdout is not None
    with server.stdout:
        pids = [int(word) for word in server.stdout.readline().split()]
    server.kill()
    server.wait()
    assert pids
    wait_until(lambda: all(map(is_gone, pids)), "its reading process ends")


def test_a_server_that_stops_ends_its_processes() -> None:
    code = (
        "from core.imports.reading import ledger_table\n"
        "from core.imports.reader_process import READERS\n"
        "import sys; ledger_table(sys.argv[1].encode()); print(*READERS.pids)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, GOOD.decode()],
        capture_output=True, check=True, cwd=PROJECT,
    )  # fmt: skip
    assert done.stderr == b""
    (pid,) = map(int, done.stdout.split())
    assert is_gone(pid)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_files_are_read_while_others_may_write(
    engine: Engine, secretariat: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer at a time: were a transaction open, these would wait for themselves."""
    consultation = ask(engine)
    read, others = READERS.read, []

    @contextmanager
    def watched(job: str, *asked: Any, **more: Any) -> Iterator[Iterator[Any]]:
        with read(job, *asked, **more) as parts:
            with writing(engine) as session:
                session.connection()
            others.append(job)
            yield parts

    monkeypatch.setattr(READERS, "read", watched)
    files, mine = [OfferedFile("a.pdf", PDF)], officer_of(OURS)
    acts: list[Callable[[], object]] = [
        lambda: request_consultation(
            engine, mine, lg_code=OURS, form=FORM, files=files, reference=REFERENCE,
            request_id="a", now=NOW,
        ),
        lambda: write_message(
            engine, mine, lg_code=OURS, consultation_id=consultation.consultation_id, text="添付",
            files=files, request_id="b", now=NOW,
        ),
        lambda: import_ledger(
            engine, CONSOLE, name="a.csv", content=GOOD, accept_names=False, seen_event=0,
            reference=REFERENCE, request_id="c", now=NOW,
        ),
    ]  # fmt: skip
    for act in acts:
        act()
    assert others == ["attachments", "attachments", "ledger"]


def test_bytes_somebody_sent_have_one_way_in() -> None:
    """Whoever is not part of the reading process asks ``core.imports.reading``."""
    inside = {"attachments", "attendance", "form", "package", "reader_worker", "table", "workbook"}
    doors = {"core.imports.form.place", "core.imports.form.reading"}
    known = imports()
    assert {name.removeprefix("core.imports.") for name in known} >= inside
    assert known.keys() >= doors
    askers = {
        (module, name)
        for module, names in known.items()
        for name in names
        if name.removeprefix("core.imports.").split(".")[0] in inside
        and name.startswith("core.imports.")
        and not module.startswith("core.imports.")
        and name not in doors
    }
    assert askers == set()
