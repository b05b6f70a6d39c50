"""nginx from the files of deploy/, servers and a PostgreSQL of their own, all on loopback."""

from __future__ import annotations

import ipaddress
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import URL

from core.settings import PROJECT
from core.start import start
from core.store.engine import open_engine
from tests.support.reference import REFERENCE
from tests.support.required import program
from tests.support.running import HOST, RunningServer, free_port
from tests.support.waiting import PATIENCE_SECONDS, wait_until

DEPLOY = PROJECT / "deploy"
_STOP_SECONDS = 30
_SETTINGS = ("NORIAI_", "STREAMLIT_")
_FRAME = """
{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
    default_type application/octet-stream;
    {temporary}
    include {folder}/noriai-servers.conf;
    include {folder}/noriai.conf;
}}
"""


@dataclass
class Site:
    """Two servers behind nginx.

    Attributes:
        server: As readers reach it, through nginx.
        ports: Of the servers themselves, by their letter in the route cookie.
        processes: Those that run.
    """

    server: RunningServer
    folder: Path
    ports: Mapping[str, int]
    settings: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def begin(self, letter: str, program: Path = PROJECT) -> None:
        """Start a server and wait until it may be asked.

        Args:
            program: Where its files lie; those of another release elsewhere.
        """
        with (self.folder / f"server-{letter}.log").open("ab") as output:
            self.processes[letter] = subprocess.Popen(
                [
                    *(sys.executable, "-m", "dashboard"),
                    *("--port", str(self.ports[letter])),
                ],
                cwd=program,
                env={k: v for k, v in os.environ.items() if not k.startswith(_SETTINGS)}
                | {**self.settings, "PYTHONPATH": str(program)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: self.status(letter) == 200, f"server {letter} is ready")

    def status(self, letter: str) -> int:
        """What a server itself says of its readiness; 0 when nobody answers."""
        process = self.processes.get(letter)
        assert process is None or process.poll() is None, self.said(letter)
        return status_of(f"http://{HOST}:{self.ports[letter]}/readyz")

    def said(self, letter: str) -> str:
        """The log of a server."""
        return (self.folder / f"server-{letter}.log").read_text("utf-8", errors="replace")

    def end(self, letter: str, number: int = signal.SIGTERM) -> None:
        """Stop a server and wait until it is gone."""
        process = self.processes.pop(letter)
        process.send_signal(number)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def status_of(address: str) -> int:
    """The status an address answers with; 0 when nobody does."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    try:
        with urlopen(address, timeout=PATIENCE_SECONDS, context=unchecked) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


@contextmanager
def running_site(
    folder: Path, day: date | None, extra: Mapping[str, str], database: URL
) -> Iterator[Site]:
    """nginx and two servers over one PostgreSQL.

    Args:
        folder: For everything they write.
        day: The day the servers believe it is; None for today.
        extra: Settings beside those every journey has.
        database: An empty database.
    """
    nginx = program("nginx", "nginx", "/usr/sbin/nginx")
    ports = {"a": free_port(), "b": free_port()}
    plain, secure = free_port(), free_port()
    address = f"https://{HOST}:{secure}"
    engine = open_engine(database)
    site = Site(
        RunningServer(address, engine, day, folder / "server-a.log"),
        folder,
        ports,
        {
            "NORIAI_DATABASE_URL": database.render_as_string(hide_password=False),
            "NORIAI_BASE_URL": address,
            "NORIAI_TRUSTED_PROXIES": HOST,
            "NORIAI_TODAY": "" if day is None else day.isoformat(),
            **extra,
        },
    )
    start(engine, REFERENCE, site.server.now())
    configuration = write_configuration(folder, ports, plain, secure)
    check = subprocess.run([nginx, "-t", "-c", configuration], capture_output=True, text=True)
    assert check.returncode == 0, check.stderr
    process = subprocess.Popen([nginx, "-c", configuration], stderr=subprocess.DEVNULL)
    try:
        for letter in ports:
            site.begin(letter)
        wait_until(lambda: status_of(f"{address}/") == 200, "nginx answers")
        yield site
    finally:
        process.terminate()
        process.wait(_STOP_SECONDS)
        for letter in list(site.processes):
            site.end(letter)
        engine.dispose()


def write_configuration(folder: Path, ports: Mapping[str, int], plain: int, secure: int) -> Path:
    """The files of deploy/nginx with other ports and places, and a frame to include them.

    Every replacement must be found: a file that says otherwise than here is another file.
    """
    _certificate(folder)
    replaced = {
        "listen 80;": f"listen {HOST}:{plain};",
        "listen 443 ssl": f"listen {HOST}:{secure} ssl",
        "https://$host$request_uri": f"https://$host:{secure}$request_uri",
        "/etc/noriai/tls/": f"{folder}/",
        "/etc/noriai/pages/": f"{DEPLOY}/nginx/pages/",
        "/var/log/nginx/": f"{folder}/",
    }
    text = (DEPLOY / "nginx" / "noriai.conf").read_text("utf-8")
    for old, new in replaced.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "noriai.conf").write_text(text, "utf-8")
    servers = (DEPLOY / "nginx" / "noriai-servers.conf").read_text("utf-8")
    for letter, usual in (("a", 8501), ("b", 8502)):
        assert servers.count(f":{usual}") == 4, usual
        servers = servers.replace(f":{usual}", f":{ports[letter]}")
    (folder / "noriai-servers.conf").write_text(servers, "utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    frame = _FRAME.format(
        folder=folder,
        user="user root;\n" if os.name == "posix" and os.geteuid() == 0 else "",
        temporary=" ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds),
    )
    path = folder / "nginx.conf"
    path.write_text(frame, "utf-8")
    return path


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    moment = datetime.now(UTC)  # noqa: TID251  a certificate holds by the real hour
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "noriai.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "noriai.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
