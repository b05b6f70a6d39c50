"""``noriai inquiry list`` and ``noriai inquiry status``."""

from __future__ import annotations

import argparse
import json

from core.access.principal import CONSOLE
from core.cli.context import engine, made_up, now, reference
from core.cli.parser import Commands
from core.inquiry.response import ResponseEvent, ResponseState, japan_moment
from core.values.errors import InvalidInputError
from core.values.fiscal import JAPAN
from core.views.inquiries import DeskLine, inquiry_desk_view


def add_to(commands: Commands) -> None:
    """``inquiry``."""
    inquiry = commands.add_parser("inquiry", help="照会の一覧と回答状況を出力する")
    kinds = inquiry.add_subparsers(dest="kind", required=True, metavar="KIND")
    listed = kinds.add_parser("list", help="照会の一覧(新しい順)")
    listed.add_argument("--json", action="store_true", help="JSONで出力する")
    listed.set_defaults(run=_list)
    status = kinds.add_parser("status", help="1つの照会の、団体ごとの回答状況")
    status.add_argument("number", metavar="NUMBER", help="照会番号(例: R8-照会003)")
    status.add_argument("--json", action="store_true", help="JSONで出力する")
    status.set_defaults(run=_status)


def _list(options: argparse.Namespace) -> None:
    found = _lines()
    if options.json:
        print(json.dumps([_told(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        inquiry = each.inquiry
        answered = f"{each.board.are_in}/{len(each.board.rows)}団体" if each.board else "-"
        closes = japan_moment(inquiry.closes_at)
        title = inquiry.composition.title
        print(f"{inquiry.number.label}\t{each.state.label}\t{closes}\t{answered}\t{title}")


def _status(options: argparse.Namespace) -> None:
    found = next((e for e in _lines() if e.inquiry.number.label == options.number), None)
    if found is None:
        raise InvalidInputError(
            {
                "number": f"照会「{options.number[:40]}」はありません。"
                "noriai inquiry list で照会番号を確かめてください。"
            }
        )
    towns = reference().ever
    rows = found.board.rows if found.board else ()
    if options.json:
        told = _told(found) | {
            "municipalities": [
                {
                    "lg_code": row.lg_code,
                    "name": towns[row.lg_code].name,
                    "state": row.state.value,
                    "handed_in_at": _iso(row.response.counted),
                    "look_again": row.look_again,
                }
                for row in rows
            ]
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{found.inquiry.number.label} {found.inquiry.composition.title}({found.state.label})")
    if found.board is None:
        print("まだ公開していません。")
        return
    counts = "、".join(f"{state.label} {count}" for state, count in found.board.counts.items())
    print(f"締切 {japan_moment(found.inquiry.closes_at)}: {counts}")
    for row in rows:
        again = "(設問が変わりました)" if row.look_again else ""
        print(f"{row.lg_code}\t{towns[row.lg_code].name}\t{row.state.label}{again}")


def _lines() -> tuple[DeskLine, ...]:
    database = engine()
    made_up(database)
    return inquiry_desk_view(database, CONSOLE, now=now())


def _told(line: DeskLine) -> dict[str, object]:
    inquiry, answers = line.inquiry, line.board
    return {
        "number": inquiry.number.label,
        "title": inquiry.composition.title,
        "fiscal_year": int(inquiry.composition.fiscal_year),
        "state": line.state.value,
        "opens_at": inquiry.composition.opens_at.astimezone(JAPAN).isoformat(),
        "closes_at": inquiry.closes_at.astimezone(JAPAN).isoformat(),
        "days_left": answers.days_left if answers else None,
        "asked": len(answers.rows) if answers else None,
        "answered": answers.are_in if answers else None,
        "counts": None
        if answers is None
        else {state.value: answers.counts[state] for state in ResponseState},
        "hidden": not inquiry.revealed,
    }


def _iso(event: ResponseEvent | None) -> str | None:
    return None if event is None else event.recorded_at.astimezone(JAPAN).isoformat()
