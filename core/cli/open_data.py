"""``noriai export calendar`` and ``noriai export open-data``."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlencode

from core.access.principal import PUBLIC
from core.cli.context import engine, made_up, now, reaching, reference, write_file
from core.cli.parser import Commands
from core.exports.calendar import public_calendar
from core.exports.open_data import open_data_files
from core.settings import load_settings
from core.training.filter import TrainingFilter
from core.training.vocabulary import Audience
from core.values.errors import InvalidInputError
from core.views.open_data import open_data_view
from core.views.trainings import published_sessions_view


def add_export_to(kinds: Commands) -> None:
    """``export calendar`` and ``export open-data``."""
    calendar = kinds.add_parser("calendar", help="公開中の研修をiCalendarで書き出す")
    calendar.add_argument("file", type=Path, metavar="FILE", help="書き出すファイル(.ics)")
    calendar.add_argument("--theme", help="テーマ")
    calendar.add_argument("--audience", choices=list(Audience), help="対象")
    calendar.set_defaults(run=_export_calendar)
    files = kinds.add_parser("open-data", help="オープンデータのCSVを書き出す")
    files.add_argument("directory", type=Path, metavar="DIR", help="書き出すフォルダー")
    files.set_defaults(run=_export_open_data)


def _link(training_id: str) -> str:
    return f"{load_settings().base_url}/trainings?{urlencode({'training': training_id})}"


def _export_calendar(options: argparse.Namespace) -> None:
    wanted = TrainingFilter(
        themes=(options.theme,) if options.theme else (),
        audience=None if options.audience is None else Audience(options.audience),
    )
    database, themes = engine(), reference().trainings.theme_labels
    if options.theme and options.theme not in themes:
        problem = f"テーマ「{options.theme}」はありません(あるもの: {'、'.join(themes)})。"
        raise InvalidInputError({"theme": problem})
    lines = published_sessions_view(database, PUBLIC, reference(), wanted=wanted)
    calendar = public_calendar(
        lines, _link, reference().names.calendar, reference=reference(), made_up=made_up(database)
    )
    write_file(options.file, calendar.body)


def _export_open_data(options: argparse.Namespace) -> None:
    database = engine()
    answer = open_data_view(database, PUBLIC, reference(), as_of=now().date())
    with reaching(options.directory, "を作れません", "directory"):
        options.directory.mkdir(parents=True, exist_ok=True)
    for file in open_data_files(answer, reference(), _link, made_up=made_up(database)):
        write_file(options.directory / file.name, file.body)
