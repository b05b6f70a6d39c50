"""``python -m dashboard``: the server as it is to be run, which is what ``noriai serve`` does.

``streamlit run dashboard/asgi.py`` starts the same application; but only here does the server end
half-sent requests, count connections, keep its name to itself and believe no stranger's word on
where a request comes from.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress

import uvicorn
from streamlit import config

from core.settings import PROJECT
from core.values.errors import SettingsError
from dashboard.frame.failures import log_in_json
from dashboard.served import metrics
from dashboard.served.connections import HEAD_BYTES, BoundedHttp, BoundedSocket, raise_file_limit
from dashboard.served.doors import LONGEST_MESSAGE

_STOP_SECONDS = 20
"""How long open answers may take once the server is to stop."""


def main() -> None:
    """Serve until stopped."""
    options = argparse.ArgumentParser(prog="python -m dashboard", add_help=False)
    options.add_argument("--port", type=int, default=int(config.get_option("server.port")))
    options.add_argument("--address", default=str(config.get_option("server.address")))
    given = options.parse_args()
    try:
        metrics.serve()
    except SettingsError as error:
        print(f"noriai: {error}", file=sys.stderr)
        sys.exit(2)
    log_in_json()
    raise_file_limit()
    served = uvicorn.Config(
        "dashboard.asgi:app",
        host=given.address,
        port=given.port,
        http=BoundedHttp,
        ws=BoundedSocket,
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=30.0,
        ws_ping_timeout=30.0,
        ws_per_message_deflate=False,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=_STOP_SECONDS,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
    )
    server = uvicorn.Server(served)
    with suppress(KeyboardInterrupt):  # raised again once everything has ended
        server.run()
    if not server.started:
        sys.exit(1)


if __name__ == "__main__":
    os.chdir(PROJECT)  # Streamlit reads .streamlit/config.toml from here
    main()
