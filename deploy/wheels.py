"""What pip needs to install without internet: ``make lock`` and ``make wheels WHEELS=folder``.

``lock`` writes requirements.lock: requirements.txt and requirements-build.txt with the digests of
every file each version was published as. ``wheels`` downloads those files for Windows and Linux
(x86-64) into a folder, each compared with its digest; pip compares again when it installs from it.

    python deploy/wheels.py lock
    python deploy/wheels.py wheels FOLDER [PYTHON-VERSION]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parents[1]
LOCK = PROJECT / "requirements.lock"
SOURCES = ("requirements.txt", "requirements-build.txt")
OLDEST = "3.11"
_GLIBC = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_26", "manylinux_2_24", "manylinux_2_17")
TARGETS = {
    "windows": ("win_amd64",),
    "linux": (*(f"{glibc}_x86_64" for glibc in _GLIBC), "manylinux2014_x86_64"),
}
_HEAD = "# Made by `make lock` from requirements.txt and requirements-build.txt: never edited by hand.\n"


def pinned() -> str:
    """Everything that is pinned; the project itself has no digest and is installed afterwards."""
    texts = [(PROJECT / name).read_text("utf-8") for name in SOURCES]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("-e")]
    return "\n".join(lines) + "\n"


def compiled(*more: str) -> str:
    """The pins with their digests, as uv writes them."""
    with TemporaryDirectory() as folder:
        wanted = Path(folder) / "pinned.in"
        wanted.write_text(pinned(), "utf-8")
        command = ("uv", "pip", "compile", "--quiet", "--no-config", "--no-deps", "--no-header")
        options = ("--no-annotate", "--generate-hashes", "--python-version", OLDEST, *more)
        done = subprocess.run(
            [sys.executable, "-m", *command, *options, str(wanted)],
            check=True,
            capture_output=True,
            text=True,
        )
    return done.stdout


def download(folder: Path, version: str) -> None:
    """The wheels of each target into one folder."""
    for system, platforms in TARGETS.items():
        with TemporaryDirectory() as place:
            lock = Path(place) / "requirements.lock"
            lock.write_text(compiled("--python-platform", system), "utf-8")
            command = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
            options = ("--only-binary", ":all:", "--require-hashes", "--python-version", version)
            wanted = [each for name in platforms for each in ("--platform", name)]
            subprocess.run(
                [*command, *options, *wanted, "--dest", str(folder), "--requirement", str(lock)],
                check=True,
            )
        print(f"{system}: {folder}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["lock"]:
            LOCK.write_text(_HEAD + compiled("--universal"), "utf-8")
        case ["wheels", name, *version]:
            download(Path(name), version[0] if version else OLDEST)
        case _:
            sys.exit(__doc__)
