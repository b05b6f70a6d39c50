"""Damaged files, sent in as people send them: nothing but a sentence may come of it.

``python -m bench.faults.fuzz_files [--files 10000] [--seed 1] [KIND …]``. Each file goes through the
command a screen calls, on a database of its own, and through the process that reads files. Printed
for each kind: files, how many were taken and how many refused with a sentence, how many ended the
reading process, tracebacks (ours, or in the reading process), half imports (rows after a refusal,
or not as many as were said), p50 and the slowest in seconds. Exit status 1 when there was a
traceback, a half import, or a file that took longer than five seconds.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import shutil
import sys
import tempfile
import time
import traceback
import uuid
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from fpdf import FPDF
from PIL import Image
from pptx import Presentation
from sqlalchemy import URL, Engine, func, select
from xlsxwriter.workbook import Workbook

from bench.faults import mutations
from bench.faults.mutations import Mutation
from core.access.principal import CONSOLE, Principal, Role
from core.cli.context import pack
from core.commands.consultations import request_consultation
from core.commands.ledger_import import import_ledger
from core.consultation.attachment import OfferedFile
from core.consultation.request import RequestForm
from core.exports.ledger import Words, ledger_csv, ledger_workbook
from core.imports.reader_process import FAILED, GAVE_UP, READERS
from core.imports.reading import attendance_list
from core.start import start
from core.store.consultations import ATTACHMENTS, CONSULTATIONS
from core.store.engine import open_engine, reading
from core.store.ledger import LEDGER
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN
from core.views.ledger import ledger_export_view, ledger_import_view

if sys.platform != "win32":
    import resource

NOW = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
OURS = "271403"
OFFICER = Principal("tanto", "担当", Role.OFFICER, OURS)
MOST_SECONDS = 5.0
RESULTS = Path(__file__).parents[1] / "results"
_MEMORY = 4_000_000_000
"""Bytes for this program, which makes the files; others work here, too."""
_FRESH_AFTER = 300
"""Files after which the database begins anew: what was taken would slow down what follows."""


@dataclass
class Outcome:
    """What came of the files of one kind."""

    files: int = 0
    said: Counter[str] = field(default_factory=Counter)
    half: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether only sentences came of them, in time."""
        return not self.half and not self.tracebacks and max(self.seconds) <= MOST_SECONDS

    def summary(self) -> dict[str, object]:
        """As it is printed."""
        return {
            "files": self.files,
            "taken": self.said["taken"],
            "refused": self.said["refused"],
            "gave up": self.said["gave up"],
            "tracebacks": len(self.tracebacks),
            "half": len(self.half),
            "p50": round(median(self.seconds), 4),
            "slowest": round(max(self.seconds), 2),
        }


class Database:
    """A database that begins anew now and then."""

    def __init__(self, folder: Path) -> None:
        self._kept, self._path = folder / "kept.db", folder / "noriai.db"
        engine = open_engine(URL.create("sqlite", database=str(self._kept)))
        with redirect_stderr(io.StringIO()):  # the first account's password
            start(engine, pack(), NOW)
        engine.dispose()
        self._uses = 0
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """The database now."""
        self._uses += 1
        if self._engine is None or self._uses % _FRESH_AFTER == 0:
            self.close()
            for ending in ("-wal", "-shm"):
                Path(f"{self._path}{ending}").unlink(missing_ok=True)
            shutil.copyfile(self._kept, self._path)
            self._engine = open_engine(URL.create("sqlite", database=str(self._path)))
        return self._engine

    def close(self) -> None:
        """Let go of it."""
        if self._engine is not None:
            self._engine.dispose()


def rows(engine: Engine) -> tuple[int, int, int]:
    """Records of the ledger, consultations and their files."""
    with reading(engine) as session:
        ledger, consultations, files = (
            session.scalar(select(func.count()).select_from(stored.table)) or 0
            for stored in (LEDGER, CONSULTATIONS, ATTACHMENTS)
        )
    return ledger, consultations, files


Sent = Callable[[Engine, bytes], tuple[int, int, int]]
"""Sends a file in; returns how many rows of each table it says were written."""


def send_ledger(engine: Engine, content: bytes) -> tuple[int, int, int]:
    """Preview and import, as the screen and the command line do."""
    preview = ledger_import_view(
        engine, CONSOLE, pack(), content=content, accept_names=True, now=NOW
    )
    done = import_ledger(
        engine,
        CONSOLE,
        name="台帳",
        content=content,
        accept_names=True,
        seen_event=preview.last_event,
        reference=pack(),
        request_id=uuid.uuid4().hex,
        now=NOW,
    )
    return done.new, 0, 0


def send_attendance(_engine: Engine, content: bytes) -> tuple[int, int, int]:
    """Read a list; what it would record is asked of the screen."""
    attendance_list(content)
    return 0, 0, 0


def send_attachment(name: str, engine: Engine, content: bytes) -> tuple[int, int, int]:
    """Ask for advice with one file."""
    request_consultation(
        engine,
        OFFICER,
        lg_code=OURS,
        form=_FORM,
        files=[OfferedFile(name, content)],
        reference=pack(),
        request_id=uuid.uuid4().hex,
        now=NOW,
    )
    return 0, 1, 1


_FORM = RequestForm(
    theme="daily_work",
    title="無線LANの費用",
    question="導入事例を知りたい",
    tried="",
    meeting="either",
    wished=(date(2023, 10, 20),),
    wished_note="",
    department="DX推進課",
    contact="山田 花子",
    mail="dx@city.example.lg.jp",
    phone="",
)


# ── files to begin with ───────────────────────────────────────────────────────────────────────

_LEDGER = """団体名,共同調達,区分,種類,適用日,開始予定,出典,備考
堺市,docs,,予定,R5.6.1,2024-04,通知,"一行目
二行目"
豊中市,chat,,関心,令和5年度,,報道,
高槻市,eapply,A,予定,2023-06-01,2024年4月以降,通知,ﾃﾞｼﾞﾀﾙ
四条畷市,docs,,関心,45078,,通知,
"""
_ROLL = """申込番号,市町村,氏名,所属,メールアドレス,参加方法,申込の結果,出席
a1,堺市,職員0,DX課,a@city.example.lg.jp,現地,参加確定,○
a2,堺市,職員1,DX課,b@city.example.lg.jp,現地,参加確定,×
"""


def workbook_of(table: str, sheet: str) -> bytes:
    """A table as Excel keeps it, with a day, a number and a formula beside it."""
    content = io.BytesIO()
    made = Workbook(content, {"in_memory": True})
    written = made.add_worksheet(sheet)
    shown = made.add_format({"num_format": 'yyyy"年"m"月"d"日"', "bg_color": "#ffff00"})
    for number, line in enumerate(table.replace('"一行目\n二行目"', "一行目").splitlines()):
        for place, cell in enumerate(line.split(",")):
            if cell == "45078":
                written.write_number(number, place, 45078, shown)
            else:
                written.write_string(number, place, cell)
    written.write_formula(9, 9, "=SUM(A1:A2)")
    made.add_worksheet("その他").merge_range("A1:C3", "結合")
    made.close()
    return content.getvalue()


def a_pdf() -> bytes:
    """Two pages, packed streams."""
    made = FPDF()
    for text in ("page one", "page two"):
        made.add_page()
        made.set_font("helvetica", size=12)
        made.cell(text=text, link="https://example.jp/")
    return bytes(made.output())


def slides() -> bytes:
    """Two slides."""
    made, content = Presentation(), io.BytesIO()
    for _ in range(2):
        made.slides.add_slide(made.slide_layouts[5])
    made.save(content)
    return content.getvalue()


def picture(kind: str) -> bytes:
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 200, 90)).save(content, kind)
    return content.getvalue()


_WORD_PARTS: Mapping[str, str] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": '<Relationships><Relationship Id="h" Type="x/hyperlink" Target="https://example.jp" TargetMode="External"/></Relationships>',
    "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="w"><w:body><w:p>'
    '<w:fldChar w:fldCharType="begin"/><w:instrText> PAGE </w:instrText><w:fldChar w:fldCharType="end"/>'
    "<w:t>相談の内容|表</w:t></w:p></w:body></w:document>",
}


def document() -> bytes:
    """A page of Word."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _WORD_PARTS.items():
            archive.writestr(name, part)
    return content.getvalue()


@dataclass(frozen=True)
class Kind:
    """How files of a kind begin, are damaged and sent in."""

    seeds: Sequence[bytes]
    own: Mutation
    send: Sent

    def damaged(self, chance: Random) -> bytes:
        """One file."""
        content = chance.choice(self.seeds)
        match chance.randrange(10):
            case 0:
                return mutations.at_random(chance, content)
            case 1:
                return mutations.cut_off(chance, content)
            case 2:
                return mutations.spliced(chance, content, self.seeds)
            case 3:
                return self.own(chance, self.own(chance, content))
            case 4:
                return content  # as it was: something must be taken, too
            case _:
                return self.own(chance, content)


def kinds(engine: Engine) -> dict[str, Kind]:
    """Every kind of file the product takes."""
    events = ledger_export_view(engine, CONSOLE)
    words = Words.of(pack())
    csv = [_LEDGER.encode(), _LEDGER.encode("cp932"), ledger_csv(events, words, made_up=False)]
    books = [
        workbook_of(_LEDGER, "参加台帳"),
        workbook_of(_LEDGER, "Sheet1"),
        ledger_workbook(events, words, date(2023, 10, 2), made_up=False),
    ]
    as_zip, as_table, as_picture = mutations.as_zip, mutations.as_table, mutations.as_picture

    def attached(name: str, own: Mutation, *seeds: bytes) -> Kind:
        return Kind(seeds, own, partial(send_attachment, name))

    return {
        "ledger.xlsx": Kind(books, as_zip, send_ledger),
        "ledger.csv": Kind(csv, as_table, send_ledger),
        "roll.xlsx": Kind([workbook_of(_ROLL, "名簿")], as_zip, send_attendance),
        "roll.csv": Kind([_ROLL.encode(), _ROLL.encode("cp932")], as_table, send_attendance),
        "attached.pdf": attached("a.pdf", mutations.as_pdf, a_pdf()),
        "attached.docx": attached("a.docx", as_zip, document()),
        "attached.xlsx": attached("a.xlsx", as_zip, *books),
        "attached.pptx": attached("a.pptx", as_zip, slides()),
        "attached.png": attached("a.png", as_picture, picture("PNG")),
        "attached.jpg": attached("a.jpg", as_picture, picture("JPEG")),
        "attached.txt": attached("a.txt", as_table, _LEDGER.encode()),
        "attached.csv": attached("a.csv", as_table, _LEDGER.encode()),
    }


# ── the run ───────────────────────────────────────────────────────────────────────────────────


def fuzz(kind: Kind, files: int, seed: str, database: Database) -> Outcome:
    """Send in so many damaged files of a kind."""
    outcome = Outcome()
    for number in range(files):
        name = f"{seed}/{number}"
        content = kind.damaged(Random(name))  # noqa: S311  the same every time
        engine = database.engine()
        before = rows(engine)
        began = time.perf_counter()
        written = (0, 0, 0)
        try:
            written = kind.send(engine, content)
            said = "taken"
        except DashboardError as error:
            said = "gave up" if GAVE_UP in str(error) else "refused"
            if FAILED in str(error):
                outcome.tracebacks.append(f"{name}: in the reading process")
        except Exception:  # noqa: BLE001  what is looked for
            said = "traceback"
            outcome.tracebacks.append(f"{name}: {traceback.format_exc()}")
        outcome.seconds.append(time.perf_counter() - began)
        after = rows(engine)
        if tuple(a - b for a, b in zip(after, before, strict=True)) != written:
            outcome.half.append(f"{name}: {said}, {before} → {after}, said {written}")
        outcome.files += 1
        outcome.said[said] += 1
    return outcome


@contextmanager
def a_database() -> Iterator[Database]:
    """A database in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder))
        try:
            yield database
        finally:
            database.close()


def main() -> int:
    """Run the kinds asked for; all of them when none is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    warnings.simplefilter("ignore")  # of zipfile, of what it is made to write
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    clean, summaries = True, {}
    with a_database() as database:
        known = kinds(database.engine())
        for name in options.kinds or known:
            outcome = fuzz(known[name], options.files, f"{options.seed}/{name}", database)
            summaries[name] = outcome.summary()
            print(f"{name:14}", json.dumps(summaries[name]), flush=True)
            for found in (outcome.tracebacks + outcome.half)[:10]:
                print(found, file=sys.stderr)
            clean &= outcome.is_clean
    READERS.close()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "fuzz_files.json").write_text(json.dumps(summaries, indent=2), encoding="utf-8")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
