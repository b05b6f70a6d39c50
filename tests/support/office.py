"""LibreOffice without a screen, for tests marked ``office``."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support.required import program
from tests.support.waiting import PATIENCE_SECONDS

_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(paths: Sequence[Path], to: str, outdir: Path) -> list[Path]:
    """Convert all files in one run, every formula calculated anew.

    Args:
        paths: What to convert; names differ.
        to: ``xlsx``, ``pdf``, …
        outdir: Where to, made when missing, not the folder of ``paths``; a profile is kept
            beside it.

    Returns:
        The new files, in the order of ``paths``.
    """
    office = program("LibreOffice", "soffice", "libreoffice")
    outdir.mkdir(parents=True, exist_ok=True)
    profile = outdir.parent / f"{outdir.name}-profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE, encoding="utf-8")
    command = [
        office,
        "--headless",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        to,
        "--outdir",
        str(outdir),
        *map(str, paths),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    made = [outdir / f"{path.stem}.{to}" for path in paths]
    missing = [path.name for path in made if not path.is_file()]
    assert not missing, f"soffice made no {missing}: {done.stdout}{done.stderr}"
    return made
