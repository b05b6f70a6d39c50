"""The command line's clock and database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.settings import load_settings
from core.start import start
from core.store.engine import open_engine
from core.values.fiscal import JAPAN


def now() -> datetime:
    """This moment in Japan; on the fixed day when NORIAI_TODAY is set."""
    moment = datetime.now(JAPAN)  # noqa: TID251  the command line's only clock
    fixed = load_settings().today
    return moment if fixed is None else datetime.combine(fixed, moment.timetz())


def engine() -> Engine:
    """The database, made ready."""
    opened = open_engine(load_settings().database)
    start(opened, now())
    return opened
