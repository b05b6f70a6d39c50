"""A made-up pack as large as the nation: 1,741 municipalities and 40 systems, beside Osaka's.

``make bench``. Both packs fill a database of their own and are served side by side; Chromium opens the
same public pages of each in turn, cold and warm. The reference is Osaka's page in the same run: a page
may cost what forty times as many municipalities cost it, and the table says what that is.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from bench.reader import Figures, Target, chromium, measure, serving
from bench.servers import BENCH, free_port, move_to, pinned_apart
from core.settings import PROJECT
from core.values.municipality import check_digit

MUNICIPALITIES, SYSTEMS, PREFECTURES, ROUNDS = 1741, 40, 47, 3
PAGES = {"home": "", "procurement": "procurement", "boarding": "boarding", "about": "about"}
_SOURCES = """sources:
  made-up:
    title: 見本(架空)
    publisher: 見本
    url: null
    licence: 見本
    date: 日の記載なし
    note: ""
    files: [names.yaml, checks.yaml, municipalities.csv, parameters.yaml, procurements.yaml, published_totals.csv]
"""
_SOURCE = re.compile(r"source: .*")
_CITED = """  {key}:
    title: 見本(架空)
    publisher: 見本
    url: null
    licence: 見本
    date: 日の記載なし
    note: ""
    files: [municipalities.csv]
"""


def made_up_pack(folder: Path) -> Path:
    """A pack of a made-up nation."""
    shiga = PROJECT / "packs" / "shiga"
    names = (shiga / "names.yaml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in names if not line.startswith("source:")]
    _write(folder, "names.yaml", "\n".join([*kept, "source: made-up"]) + "\n")
    cited = "".join(_CITED.format(key=key) for key in ("kokusei-2020", "localgovjp"))
    assumed = _CITED.format(key="noriai-assumption").replace(
        "municipalities.csv", "parameters.yaml"
    )
    _write(folder, "sources.yaml", _SOURCES + cited + assumed)
    values = (shiga / "parameters.yaml").read_text(encoding="utf-8")
    _write(folder, "parameters.yaml", _SOURCE.sub("source: noriai-assumption", values))
    with (folder / "municipalities.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["lg_code", "name", "kana", "category", "area", "population_2020", "lat", "lng"]
        )
        for number in range(MUNICIPALITIES):
            place, prefecture = divmod(number, PREFECTURES)
            code = f"{prefecture + 1:02}{place + 201:03}"
            name, area = f"見本{number + 1:04}市", f"見本{prefecture + 1:02}地域"
            lat, lng = 26 + prefecture * 0.4, 124 + place * 0.5
            rows.writerow(
                (code + check_digit(code), name, "みほんし", "その他の市", area, 10_000, lat, lng)
            )
    _write(
        folder,
        "checks.yaml",
        f"expected:\n  municipalities: {MUNICIPALITIES}\n  population: {MUNICIPALITIES * 10_000}\n"
        "  source: made-up\n",
    )
    _write(folder, "procurements.yaml", _procurements())
    totals = ["programme,lot,basis,metric,period,value,as_of,date_precision,status,source"]
    totals += [
        f"system{n},,paid,participants,,{n * 40},2026-04-01,day,actual,made-up"
        for n in range(SYSTEMS)
    ]
    _write(folder, "published_totals.csv", "\n".join(totals) + "\n")
    return folder


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def _procurements() -> str:
    head = """text: 見本
as_of_text: 見本
source: made-up
scale_merit: {text: 見本, rate: 1/10, basis: assumption, source: made-up, single_system_note: 見本, single_system_basis: assumption, single_system_source: made-up}
schemes:
  - {key: joint, coordinator: 見本, procurer: 見本, contractor: 見本, operator: 見本, method: 見本, grounds: 見本, selection_committee: 見本, selection_method: 見本, precedents: [], note: 見本, corrections: [], source: made-up}
programmes:
"""
    one = (
        "  - {{key: system{n}, label: 見本システム{n}, short_label: 見本{n}, fiscal_year: 2024, what: 見本, "
        "effects: [], features: [], free_edition: false, lots: [], scheme: joint, note: '', "
        "corrections: [], source: made-up}}\n"
    )
    return head + "".join(one.format(n=n) for n in range(SYSTEMS))


def run(rounds: int) -> None:
    """Measure and print."""
    cpus = pinned_apart()
    if cpus:
        move_to(cpus[0])
    with ExitStack() as stack:
        targets = {}
        for name in ("大阪", "nation"):
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="noriai-bench-")))
            pack = PROJECT / "data" if name == "大阪" else made_up_pack(_made(folder / "pack"))
            port = free_port()
            settings = {
                "NORIAI_DATABASE_URL": f"sqlite:///{folder / 'noriai.db'}",
                "NORIAI_BASE_URL": f"http://127.0.0.1:{port}",
                "PYTHONPATH": str(BENCH.parent),
            }
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", "from core.cli import main; raise SystemExit(main())",
                 "init", "--pack", str(pack)],
                env=os.environ | settings, cwd=BENCH.parent, check=True, capture_output=True,
            )  # fmt: skip
            print(f"{name}: filled in {time.perf_counter() - began:.1f} s", flush=True)
            address = stack.enter_context(serving(port, folder, settings))
            targets |= {
                f"{name} {page}": Target(f"{address}/{path}", "") for page, path in PAGES.items()
            }
        if cpus:
            move_to(cpus[1])
        figures = {name: Figures() for name in targets}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(**chromium())
        for _ in range(rounds):
            for name, target in targets.items():
                measure(browser, target, figures[name])
        browser.close()
    print(f"{'':22}{'cold s':>9}{'warm s':>9}{'MB':>9}{'busy s':>9}")
    for name, each in figures.items():
        cells = (each.cold, each.warm, [b / 1e6 for b in each.bytes], each.busy)
        print(f"{name:22}" + "".join(f"{median(cell):9.2f}" for cell in cells))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="python -m bench.nation")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    run(options.parse_args().rounds)
