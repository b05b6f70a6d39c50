"""``noriai serve``, ``init`` and ``settings``."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from pathlib import Path

from core.cli.context import engine, fill_from, now, reference
from core.cli.pack import pack_in
from core.cli.parser import Commands, port
from core.demonstration.fill import fill_demonstration
from core.settings import PROJECT, load_settings
from core.values.errors import SettingsError

_HOST = "127.0.0.1"  # of .streamlit/config.toml


def add_to(commands: Commands) -> None:
    """What prepares and runs the server."""
    serve = commands.add_parser("serve", help="データベースを用意してサーバーを起動する")
    serve.add_argument("--port", type=port, default=8501, help="待ち受けるポート(既定 8501)")
    serve.set_defaults(run=_serve)
    init = commands.add_parser("init", help="データベースを用意する(既にあれば何も変えない)")
    init.add_argument(
        "--demo", action="store_true", help="架空の見本データを入れる(すべての画面に印が付く)"
    )
    init.add_argument(
        "--pack",
        type=Path,
        metavar="DIR",
        help="空のデータベースを、このフォルダーの初期データで満たす",
    )
    init.set_defaults(run=_init)
    settings = commands.add_parser("settings", help="設定を表示する(秘密は伏せる)")
    settings.set_defaults(run=_settings)


def _serve(options: argparse.Namespace) -> None:
    _refuse_taken(options.port)
    address = f"http://{_HOST}:{options.port}"
    os.environ.setdefault("NORIAI_BASE_URL", address)  # links and the code on the wall follow
    engine().dispose()
    print(f"乗合を起動します: {address} (終了は Ctrl+C)", flush=True)
    os.chdir(PROJECT)  # Streamlit reads .streamlit/config.toml from here
    command = ["-m", "dashboard", "--port", str(options.port)]
    if sys.platform == "win32":
        import subprocess

        sys.exit(subprocess.run([sys.executable, *command], check=False).returncode)  # noqa: S603
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606


def _refuse_taken(number: int) -> None:
    """Before anything is prepared or a password shown that is shown once.

    Raises:
        SettingsError: Nobody may listen there, or somebody does.
    """
    with socket.socket() as probe:
        if sys.platform != "win32":  # as the server itself: what just ended there does not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, number))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "ほかのプログラムが使っています" if taken else f"使えません({error.strerror})"
            raise SettingsError(
                f"ポート{number}は{why}。--port で別の番号を指定するか、それを止めてください。"
            ) from None


def _init(options: argparse.Namespace) -> None:
    ready = engine() if options.pack is None else fill_from(pack_in(options.pack))
    if options.demo:
        for username, password in fill_demonstration(ready, reference(), now()).items():
            print(f"{username} の最初のパスワード(一度だけ表示): {password}")
    print(f"データベースの用意ができました: {ready.url.render_as_string(hide_password=True)}")


def _settings(_options: argparse.Namespace) -> None:
    for name, value in load_settings().masked().items():
        print(f"{name}={value}")
