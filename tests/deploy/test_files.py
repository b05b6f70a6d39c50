"""What an operator copies from deploy/ is what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from core.settings import PROJECT, Settings
from tests.support.required import program

DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def test_systemd_takes_every_unit_as_it_is(tmp_path: Path) -> None:
    analyze = program("systemd-analyze", "systemd-analyze")
    current = tmp_path / "current"
    for place in (".venv/bin/noriai", "deploy/backup.sh"):
        (current / place).parent.mkdir(parents=True)
        (current / place).write_text("#!/bin/sh\n")
        (current / place).chmod(0o755)
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/noriai/current", str(current))
        (tmp_path / unit.name.replace("@.", "@8501.")).write_text(text, "utf-8")
    units = [str(path) for path in tmp_path.glob("noriai*")]
    assert len(units) == len(UNITS) == 5
    done = subprocess.run(
        [analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "noriai" in line]
    assert (done.returncode, said) == (0, [])


def test_compose_watches_what_it_starts_and_fetches_from_no_named_host() -> None:
    compose = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))
    assert set(compose["services"]) == {"database", "server-a", "server-b", "nginx"}
    for service in compose["services"].values():
        assert service["healthcheck"]["test"]
        assert service["restart"] == "always"
        assert "." not in service["image"].partition("/")[0].partition(":")[0]
    servers = (compose["services"][name] for name in ("server-a", "server-b"))
    assert all("ports" not in server for server in servers)  # nginx alone is reached


def test_every_setting_of_the_example_exists() -> None:
    lines = (DEPLOY / "noriai.env.example").read_text("utf-8").splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    own = {name for name in names if name.startswith("NORIAI_")}
    assert own <= {f"NORIAI_{name.upper()}" for name in Settings.model_fields}
    assert names - own == {"STREAMLIT_SERVER_COOKIE_SECRET"}


def pins(text: str) -> set[tuple[str, str]]:
    wanted = (line.split(" \\")[0] for line in text.splitlines() if re.match(r"[A-Za-z]", line))
    found = [Requirement(line) for line in wanted]
    return {(each.name.lower().replace("_", "-"), str(each.specifier)) for each in found}


def test_the_lock_has_every_pin_with_its_digests() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    sources = ("requirements.txt", "requirements-build.txt")
    pinned = {pin for name in sources for pin in pins((PROJECT / name).read_text("utf-8"))}
    assert {(re.sub(r"\[.*\]", "", name), version) for name, version in pinned} == pins(lock)
    blocks = re.split(r"\n(?=[A-Za-z])", lock.partition("\n")[2])
    assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []


def test_the_lock_brings_what_builds_the_project() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    [asked] = map(Requirement, project["build-system"]["requires"])
    [(name, version)] = pins((PROJECT / "requirements-build.txt").read_text("utf-8"))
    assert name == asked.name
    assert asked.specifier.contains(version.removeprefix("=="))


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script for systemd")
class TestBackup:
    """deploy/backup.sh with the real command line."""

    def run(self, tmp_path: Path, noriai: Path) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NORIAI_")}
        environment |= {
            "NORIAI_DATABASE_URL": f"sqlite:///{tmp_path / 'noriai.db'}",
            "PROGRAM": str(noriai),
        }
        return subprocess.run(
            [DEPLOY / "backup.sh", tmp_path / "backups"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def noriai(self, tmp_path: Path, refused: str = "") -> Path:
        """The command line, which refuses one of its commands."""
        path = tmp_path / "noriai"
        real = Path(sys.executable).with_name("noriai")
        path.write_text(f'#!/bin/sh\n[ "$1" != "{refused}" ] || exit 2\nexec "{real}" "$@"\n')
        path.chmod(0o700)
        return path

    def test_a_backup_is_kept_that_was_restored_once(
        self, tmp_path: Path, sqlite_template: Path
    ) -> None:
        shutil.copyfile(sqlite_template, tmp_path / "noriai.db")
        done = self.run(tmp_path, self.noriai(tmp_path))
        assert done.returncode == 0, done.stderr
        [kept] = (tmp_path / "backups").iterdir()
        assert re.fullmatch(r"noriai-\d{8}T\d{6}\.zip", kept.name)
        assert kept.stat().st_mode & 0o077 == 0
        assert "復元できること" in done.stdout

    def test_one_that_cannot_be_restored_is_not_kept(
        self, tmp_path: Path, sqlite_template: Path
    ) -> None:
        shutil.copyfile(sqlite_template, tmp_path / "noriai.db")
        done = self.run(tmp_path, self.noriai(tmp_path, refused="audit"))
        assert done.returncode != 0
        assert list((tmp_path / "backups").iterdir()) == []
