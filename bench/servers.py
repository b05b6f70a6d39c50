"""Starts the servers that are measured, each on a free port of 127.0.0.1, and stops them again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.request import urlopen

import psutil

from bench.session_client import HOST, SessionError, anti_forgery_token

BENCH = Path(__file__).resolve().parent
_START_SECONDS, _STOP_SECONDS = 300, 30
_SETTINGS = ("NORIAI_", "STREAMLIT_", "PYTHON")
_WITHOUT_UVLOOP = "import sys\n\nsys.modules['uvloop'] = None  # importing it says: not installed\n"


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        port: On 127.0.0.1.
        process: Its process.
        database: Address of its database; empty for a server without one.
    """

    port: int
    process: psutil.Process
    database: str = ""

    def cpu_seconds(self) -> float:
        """CPU time used so far, user and system, all threads."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def uses_uvloop(self) -> bool | None:
        """Whether the library is loaded; None where the system does not tell."""
        if not psutil.LINUX:
            return None
        return any("uvloop" in mapped.path for mapped in self.process.memory_maps())


@contextmanager
def noriai_server() -> Iterator[Server]:
    """The production server with its own settings, a fresh database and the page /one_line."""
    with TemporaryDirectory(prefix="noriai-bench-") as name:
        folder = Path(name)
        settings = {
            "NORIAI_DATABASE_URL": f"sqlite:///{folder / 'noriai.db'}",
            "PYTHONPATH": str(BENCH.parent),  # this tree, whichever is installed
        }
        script = str(BENCH / "server_with_one_line.py")
        with _started([script], BENCH.parent, folder, settings) as server:
            yield server


@contextmanager
def stock_server(script: str = "one_line.py") -> Iterator[Server]:
    """Streamlit as it comes, in an empty folder, with one script of bench/; uvloop hidden from it.

    Headless, or it would ask for an e-mail address; otherwise every setting is the default.
    """
    with TemporaryDirectory(prefix="noriai-bench-") as name:
        folder, hiding = Path(name), Path(name) / "hiding"
        hiding.mkdir()
        (hiding / "sitecustomize.py").write_text(_WITHOUT_UVLOOP, encoding="utf-8")
        empty = folder / "app"
        empty.mkdir()
        shutil.copy(BENCH / script, empty)
        command = ["-m", "streamlit", "run", script, "--server.headless", "true"]
        with _started(command, empty, folder, {"PYTHONPATH": str(hiding)}) as server:
            yield server


@contextmanager
def _started(
    command: list[str], cwd: Path, folder: Path, settings: dict[str, str]
) -> Iterator[Server]:
    process = Process(free_port(), folder, settings, command, cwd)
    process.begin()
    try:
        process.wait_until_ready()
        database = settings.get("NORIAI_DATABASE_URL", "")
        yield Server(process.port, psutil.Process(process.pid), database)
    except SessionError as error:
        raise SessionError(f"{error}\n{_last_lines(process.log)}") from error
    finally:
        process.stop()


class Process:
    """A server's process on 127.0.0.1, begun anew on the same port as often as wanted.

    Attributes:
        log: What it wrote.
    """

    def __init__(
        self,
        port: int,
        folder: Path,
        settings: dict[str, str],
        command: list[str],
        cwd: Path,
        *,
        options: str = "--server.",
    ) -> None:
        home = folder / "home"  # nobody's own Streamlit settings
        home.mkdir(parents=True)
        self.port, self.log = port, folder / "server.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_SETTINGS)}
        self._environment = inherited | {"HOME": str(home)} | settings
        self._command, self._cwd = [*command, f"{options}address", HOST], cwd
        self._port_option = f"{options}port"
        self._process: subprocess.Popen[bytes]

    def begin(self) -> None:
        """Start it; it answers some seconds later."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *self._command, self._port_option, str(self.port)],
                cwd=self._cwd,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        return self._process.pid

    def wait_until_ready(self, path: str = "") -> None:
        """Until it answers; raises SessionError when it ended or never does.

        Args:
            path: What a server that is not Streamlit answers.
        """
        end = monotonic() + _START_SECONDS
        while monotonic() < end:
            if self._process.poll() is not None:
                raise SessionError(f"the server ended with status {self._process.returncode}")
            try:
                if path:
                    with urlopen(f"http://{HOST}:{self.port}{path}", timeout=_START_SECONDS):
                        return
                anti_forgery_token(self.port)
            except (OSError, SessionError):
                sleep(0.1)
            else:
                return
        raise SessionError(f"the server did not start within {_START_SECONDS} s, see {self.log}")

    def kill(self) -> None:
        """As kill -9 does it."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """As the service manager does it."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def serving(port: int, folder: Path, settings: dict[str, str]) -> Process:
    """The production server over a database of its own choice, begun as ``noriai serve`` does."""
    own = {"PYTHONPATH": str(BENCH.parent), "NORIAI_BASE_URL": f"http://{HOST}:{port}", **settings}
    process = Process(port, folder, own, ["-m", "dashboard"], BENCH.parent, options="--")
    process.begin()
    return process


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


def pinned_apart() -> tuple[int, int] | None:
    """Two CPUs, for the servers and for the client; None where there is no choice."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    cpus = sorted(os.sched_getaffinity(0))
    return (cpus[-1], cpus[0]) if len(cpus) > 1 else None


def move_to(cpu: int) -> None:
    """Run this program, and what it starts from here on, on one CPU."""
    os.sched_setaffinity(0, {cpu})
