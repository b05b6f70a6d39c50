"""The real server of a journey, on a database of its own, and the accounts its readers use."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import URL, Engine

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account, change_password, set_account_active
from core.commands.sessions import sign_in
from core.settings import PROJECT
from core.start import start
from core.store.engine import open_engine
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS, wait_until

HOST = "127.0.0.1"
PASSWORD = "ふたりでのる電車2026"
_STOP_SECONDS = 30
_SETTINGS = ("NORIAI_", "STREAMLIT_")


@dataclass(frozen=True)
class Account:
    """Who signs in, and with what."""

    username: str
    password: str


@dataclass(frozen=True)
class RunningServer:
    """A running server.

    Attributes:
        address: ``http://127.0.0.1:<port>``, without a slash at the end.
        engine: Its database, for preparing and for looking at what a click left behind.
        day: The day the server believes it is; None for today.
        log: What it wrote.
    """

    address: str
    engine: Engine
    day: date | None
    log: Path

    def now(self) -> datetime:
        """The moment the server believes it is."""
        moment = datetime.now(JAPAN)  # noqa: TID251  sessions expire by the real hour
        return moment if self.day is None else datetime.combine(self.day, moment.timetz())

    def add_account(
        self, username: str, role: Role, lg_code: str | None = None, *, first_sign_in: bool = False
    ) -> Account:
        """An account of a role; before its first sign-in, it must still choose a password."""
        password = add_account(
            self.engine,
            CONSOLE,
            username=username,
            display_name="担当 花子",
            role=role,
            lg_code=lg_code,
            known_codes=frozenset(m.lg_code for m in REFERENCE.municipalities),
            now=self.now(),
        )
        if first_sign_in:
            return Account(username, password)
        change_password(
            self.engine,
            Principal(username, "", role, lg_code, must_change_password=True),
            current=password,
            new=PASSWORD,
            repeated=PASSWORD,
            now=self.now(),
        )
        return Account(username, PASSWORD)

    def session_of(self, account: Account) -> str:
        """The token of a session that begins now."""
        return sign_in(
            self.engine,
            PUBLIC,
            username=account.username,
            password=account.password,
            now=self.now(),
        )

    def disable(self, account: Account) -> None:
        """As the secretariat does it elsewhere."""
        set_account_active(
            self.engine, CONSOLE, username=account.username, active=False, now=self.now()
        )


@contextmanager
def running_server(
    folder: Path, day: date | None, extra: Mapping[str, str], database: URL | None = None
) -> Iterator[RunningServer]:
    """``python -m dashboard`` on a free port.

    Args:
        folder: For its log and its database.
        day: The day it believes it is; None for today.
        extra: Settings beside those every journey has.
        database: An empty database; None for a new SQLite file in the folder.
    """
    address = f"http://{HOST}:{free_port()}"
    database = database or URL.create("sqlite", database=str(folder / "noriai.db"))
    engine = open_engine(database)
    server = RunningServer(address, engine, day, folder / "server.log")
    start(engine, REFERENCE, server.now())
    settings = {
        "NORIAI_DATABASE_URL": database.render_as_string(hide_password=False),
        "NORIAI_BASE_URL": address,
        "NORIAI_TODAY": "" if day is None else day.isoformat(),
        "PYTHONPATH": str(PROJECT),
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_SETTINGS)}
    command = [sys.executable, "-m", "dashboard", "--port", address.rpartition(":")[2]]
    with server.log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=inherited | settings | dict(extra),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(process, server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        engine.dispose()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: subprocess.Popen[bytes], server: RunningServer) -> None:
    """Until it can do its work; a server that ended says why."""

    def answers() -> bool:
        assert process.poll() is None, said()
        try:
            with urlopen(f"{server.address}/readyz", timeout=PATIENCE_SECONDS):
                return True
        except (URLError, OSError):
            return False

    def said() -> str:
        return server.log.read_text(encoding="utf-8", errors="replace")

    wait_until(answers, "the server answers")
