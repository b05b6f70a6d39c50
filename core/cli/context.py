"""The command line's clock, database and reference data."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect

from core.access.principal import PUBLIC
from core.exports.file import MADE_UP
from core.reference.pack import Reference, load_reference
from core.settings import DATA, load_settings
from core.start import start
from core.store.catalogue import kept_catalogue
from core.store.engine import open_engine
from core.values.errors import InvalidInputError, SettingsError
from core.values.fiscal import JAPAN, FiscalYear
from core.views.demonstration import demonstration_view


@cache
def pack() -> Reference:
    """The pack that fills an empty database, read once."""
    return load_reference(DATA)


def read_pack(folder: Path) -> Reference:
    """Another pack than the one shipped."""
    return load_reference(folder)


def reference() -> Reference:
    """What the programme offers today, as the secretariat keeps it."""
    known = kept_catalogue(engine())
    today = now().date()
    return (pack() if known is None else known.of(FiscalYear.of(today))).on(today)


def now() -> datetime:
    """This moment in Japan; on the fixed day when NORIAI_TODAY is set."""
    moment = datetime.now(JAPAN)  # noqa: TID251  the command line's only clock
    fixed = load_settings().today
    return moment if fixed is None else datetime.combine(fixed, moment.timetz())


def fill_from(pack: Reference) -> Engine:
    """The database of this command, filled from another pack than the one shipped.

    Raises:
        SettingsError: It is filled already.
    """
    opened = open_engine(load_settings().database)
    if inspect(opened).has_table("audit"):
        raise SettingsError(
            f"{opened.url.render_as_string(hide_password=True)} には既に記録があります。--pack は、"
            "何も入っていない新しいデータベース(NORIAI_DATABASE_URL)に使ってください。"
        )
    start(opened, pack, now())
    _OPENED.append(opened)
    return opened


def engine() -> Engine:
    """The database of this command, made ready."""
    if not _OPENED:
        shipped = pack()
        opened = open_engine(load_settings().database)
        start(opened, shipped, now())
        _OPENED.append(opened)
    return _OPENED[0]


_OPENED: list[Engine] = []


def begin() -> None:
    """Another command: its settings may name another database."""
    _OPENED.clear()


def made_up(database: Engine) -> bool:
    """Whether what leaves this database is made up; said on stderr, too."""
    found = demonstration_view(database, PUBLIC)
    if found:
        print(f"注意: {MADE_UP}を入れたデータベースです。", file=sys.stderr)
    return found


@contextmanager
def reaching(path: Path, refusal: str = "に書き込めません", field: str = "file") -> Iterator[None]:
    """Say of a file or folder that cannot be reached what stands against it."""
    try:
        yield
    except OSError as error:
        raise InvalidInputError({field: f"{path} {refusal}: {error.strerror}"}) from None


def is_csv(path: Path) -> bool:
    """Whether a table goes into CSV, not Excel.

    Raises:
        InvalidInputError: Field ``file``: the name says neither.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise InvalidInputError({"file": f"{path} の拡張子を.xlsxか.csvにしてください。"})
    return kind == ".csv"


def write_file(path: Path, body: bytes) -> None:
    """Write an export and print where.

    Raises:
        InvalidInputError: Field ``file``: it cannot be written there.
    """
    with reaching(path):
        path.write_bytes(body)
    print(path)
