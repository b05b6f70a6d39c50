"""``noriai figures``, ``noriai export kpi``, ``noriai export deck`` and ``noriai export visit``."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from core.access.principal import CONSOLE
from core.cli.context import engine, is_csv, made_up, now, reference, write_file
from core.cli.parser import Commands, day
from core.exports.kpi import codebook_csv, kpi_csv, kpi_workbook, meeting_deck, visit_pdf
from core.exports.kpi.wording import source_words
from core.figures.reading import Reading
from core.values.figure import plain_number
from core.values.municipality import SizeClass
from core.views.kpi import KpiAnswer, figures_view, kpi_meeting_view, kpi_view
from core.views.peers import visit_view


def add_to(commands: Commands) -> None:
    """``figures``."""
    figures = commands.add_parser("figures", help="指標の値を基準日で出力する")
    figures.add_argument("keys", nargs="*", metavar="KEY", help="指標コード(省略するとすべて)")
    _add_as_of(figures)
    figures.add_argument("--json", action="store_true", help="JSONで出力する")
    figures.set_defaults(run=_figures)


def _figures(options: argparse.Namespace) -> None:
    as_of = options.as_of or now().date()
    found = figures_view(
        engine(), CONSOLE, reference(), as_of=as_of, keys=tuple(options.keys), today=now().date()
    )
    if options.json:
        told = {each.key: _told(each) for each in found}
        print(json.dumps({"as_of": as_of.isoformat(), "figures": told}, ensure_ascii=False))
        return
    for each in found:
        why = f" ({each.why})" if each.why else ""
        print(f"{each.key}\t{each.indicator.name}\t{each.text}{why}\t{each.birth.as_of}")


def _told(each: Reading) -> dict[str, object]:
    origin = each.birth.origin
    return {
        "name": each.indicator.name,
        "value": plain_number(each.value),
        "why": each.why or None,
        "unit": each.indicator.unit,
        "status": each.indicator.status.value,
        "basis": each.indicator.basis,
        "as_of": each.birth.as_of,
        "from": origin.value if origin else None,
        "named": each.birth.named,
        "source": source_words(each.birth.source, reference()),
    }


def add_export_to(kinds: Commands) -> None:
    """``export kpi``, ``export deck`` and ``export visit``."""
    kpi = kinds.add_parser("kpi", help="指標の表をExcel(.xlsx)かCSV(.csv)に書き出す")
    kpi.add_argument("file", type=Path, metavar="FILE")
    _add_days(kpi)
    kpi.add_argument("--area", metavar="AREA", help="地域")
    kpi.add_argument("--category", metavar="CATEGORY", help="団体の区分")
    kpi.add_argument("--size", choices=list(SizeClass), type=SizeClass, help="人口規模")
    kpi.add_argument("--codebook", type=Path, metavar="FILE", help="CSVの項目説明も書き出す")
    kpi.set_defaults(run=_export_kpi)
    deck = kinds.add_parser("deck", help="会議資料(.pptx)を書き出す")
    deck.add_argument("file", type=Path, metavar="FILE")
    _add_days(deck)
    deck.add_argument(
        "--first", type=day, metavar="DAY", help="推移の始まり(既定は最初の公表値の日)"
    )
    deck.set_defaults(run=_export_deck)
    visit = kinds.add_parser("visit", help="1団体の訪問用の1枚(.pdf)を書き出す")
    visit.add_argument("file", type=Path, metavar="FILE")
    visit.add_argument("--municipality", required=True, metavar="CODE", help="団体コード(6桁)")
    _add_as_of(visit)
    visit.set_defaults(run=_export_visit)


def _add_as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=day, metavar="DAY", help="基準日(既定は今日)")


def _add_days(parser: argparse.ArgumentParser) -> None:
    _add_as_of(parser)
    parser.add_argument("--compared-with", type=day, metavar="DAY", help="比べる日")


def _export_kpi(options: argparse.Namespace) -> None:
    as_csv, database = is_csv(options.file), engine()
    answer: KpiAnswer = kpi_view(
        database,
        CONSOLE,
        reference(),
        as_of=options.as_of or now().date(),
        compared_with=options.compared_with,
        today=now().date(),
        area=options.area,
        category=options.category,
        size=options.size,
    )
    marked = made_up(database)
    if as_csv:
        write_file(options.file, kpi_csv(answer, made_up=marked))
    else:
        write_file(options.file, kpi_workbook(answer, now().date(), made_up=marked))
    if options.codebook is not None:
        write_file(options.codebook, codebook_csv(made_up=marked))


def _export_deck(options: argparse.Namespace) -> None:
    as_of, database = options.as_of or now().date(), engine()
    answer = kpi_meeting_view(
        database,
        CONSOLE,
        reference(),
        as_of=as_of,
        first=options.first or _first_published(as_of),
        compared_with=options.compared_with,
        today=now().date(),
    )
    write_file(options.file, meeting_deck(answer, now().date(), made_up=made_up(database)))


def _first_published(as_of: date) -> date:
    """Where a history that leaves nothing out begins."""
    return min((total.as_of.first for total in reference().published_totals), default=as_of)


def _export_visit(options: argparse.Namespace) -> None:
    as_of, database = options.as_of or now().date(), engine()
    answer = visit_view(
        database,
        CONSOLE,
        reference(),
        lg_code=options.municipality,
        as_of=as_of,
        today=now().date(),
    )
    write_file(options.file, visit_pdf(answer, now().date(), made_up=made_up(database)))
