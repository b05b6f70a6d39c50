"""What systemd is told (``Type=notify``, ``WatchdogSec=``): ready, alive, stopping.

The word that this process is alive comes from the event loop: a loop that stands still says
nothing, and systemd starts the server anew. Outside of systemd nothing is said to nobody.
"""

from __future__ import annotations

import os
import socket

import anyio

from dashboard.served.health import WARM

_LOOK_SECONDS = 0.5


def tell(words: str) -> None:
    """Send a word to the service manager, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract socket
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.connect(address)
        line.sendall(words.encode())


async def keep_telling() -> None:
    """Say that the server is ready once it is, and that it lives for as long as it does."""
    while not WARM.is_set():
        await anyio.sleep(_LOOK_SECONDS)
    tell("READY=1\nSTATUS=受付中")
    period = int(os.environ.get("WATCHDOG_USEC", "0")) / 1_000_000 / 3
    while period:
        tell("WATCHDOG=1")
        await anyio.sleep(period)
    await anyio.sleep_forever()
