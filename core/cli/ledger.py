"""``noriai counts`` and ``noriai ledger import``, ``export``, ``template``."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from pathlib import Path

from core.access.principal import CONSOLE, PUBLIC
from core.cli.context import engine, is_csv, made_up, now, reaching, reference, write_file
from core.cli.parser import Commands, day
from core.commands.ledger_import import import_ledger
from core.exports.ledger import Words, ledger_csv, ledger_template, ledger_workbook
from core.imports.ledger.plan import Outcome, PlannedRow, Preview
from core.procurement.counting import CountBasis
from core.procurement.headline import Headline
from core.procurement.published import PublishedTotal
from core.values.errors import InvalidInputError
from core.values.fiscal import PartialDate, Precision
from core.views.ledger import counts_view, ledger_export_view, ledger_import_view


def add_to(commands: Commands) -> None:
    """``counts`` and ``ledger``."""
    counts = commands.add_parser("counts", help="共同調達の参加団体を数える")
    counts.add_argument(
        "--as-of", type=day, required=True, metavar="DAY", help="基準日(例 2023-06-01)"
    )
    counts.add_argument(
        "--basis",
        type=CountBasis,
        choices=list(CountBasis),
        default=CountBasis.PAID,
        help="集計基準(既定 paid)",
    )
    counts.add_argument("--json", action="store_true", help="機械が読む形で出力する")
    counts.set_defaults(run=_counts)

    ledger = commands.add_parser("ledger", help="参加台帳を取り込む・書き出す")
    actions = ledger.add_subparsers(dest="action", required=True, metavar="ACTION")
    read = actions.add_parser("import", help="Excel・CSVを取り込む")
    read.add_argument("file", type=Path, metavar="FILE")
    read.add_argument("--dry-run", action="store_true", help="何が変わるかを示すだけで書き込まない")
    read.add_argument(
        "--accept-names", action="store_true", help="団体名の読み替え(四条畷市→四條畷市)を認める"
    )
    read.add_argument(
        "--leave-out", action="store_true", help="取り込めない行を除いて、残りの行を取り込む"
    )
    read.add_argument("--json", action="store_true", help="1行ずつの見込みを機械が読む形で出力する")
    read.set_defaults(run=_import)
    write = actions.add_parser("export", help="Excel(.xlsx)かCSV(.csv)に書き出す")
    write.add_argument("file", type=Path, metavar="FILE")
    write.set_defaults(run=_export)
    blank = actions.add_parser("template", help="取り込みの様式(選択肢付きのExcel)を書き出す")
    blank.add_argument("file", type=Path, metavar="FILE")
    blank.set_defaults(run=_template)


def _counts(options: argparse.Namespace) -> None:
    lines = counts_view(
        engine(), PUBLIC, reference(), as_of=options.as_of, basis=options.basis, today=now().date()
    )
    if options.json:
        programmes = {found.programme: _counts_json(found) for found in lines}
        answer = {"as_of": options.as_of.isoformat(), "programmes": programmes}
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(f"{options.as_of.isoformat()}時点 集計基準: {options.basis.label}")
    for found in lines:
        _print_counts(found, reference().procurements.programme(found.programme).label)


def _counts_json(found: Headline) -> dict[str, object]:
    best = found.origin and {
        "value": found.value,
        "from": found.origin.value,
        "as_of": _written(found.as_of),
    }
    return {
        "ledger": found.named,
        "coverage": found.coverage.value,
        "published": [
            {
                "value": total.value,
                "basis": total.basis.value,
                "as_of": _written(total.as_of),
                "status": total.status.value,
                "source": total.source,
            }
            for total in found.published
        ],
        "unnamed": found.unnamed,
        "headline": best,
    }


def _written(day: PartialDate) -> str:
    """As data/published_totals.csv writes it: no more exactly than it is known."""
    length = {Precision.DAY: 10, Precision.FISCAL_YEAR: 4}.get(day.precision, 7)
    return day.first.isoformat()[:length]


def _print_counts(found: Headline, label: str) -> None:
    print(f"{label}({found.programme}): {found.text}")
    ledger = "記録の対象外" if found.named is None else f"{found.named}団体"
    print(f"  台帳 {ledger}(網羅の状態: {found.coverage.label})")
    for total in found.published:
        print(f"  公表値 {_published(found, total)}")
    if not found.published:
        print("  公表値 なし")
    if found.disagree:
        print("  公表値どうしが異なります。どれが正しいかは決めていません。")
    if found.unnamed is not None:
        print(f"  公表値(実績)−台帳 {found.unnamed}団体(名前の分からない団体を含む)")


def _published(found: Headline, total: PublishedTotal) -> str:
    difference = found.difference(total)
    told = ""
    if difference is not None:
        told = f"、台帳との差 {difference:+d}" if difference else "、台帳と同じ"
    return (
        f"{total.value}団体({total.status.label}、{total.as_of.label}時点、"
        f"出典 {reference().sources[total.source].title}{told})"
    )


def _import(options: argparse.Namespace) -> None:
    with reaching(options.file, "を読めません"):
        content = options.file.read_bytes()
    ready = engine()
    preview = ledger_import_view(
        ready,
        CONSOLE,
        reference(),
        content=content,
        accept_names=options.accept_names,
        now=now(),
        progress=_show_progress if sys.stderr.isatty() else None,
    )
    if options.json:
        print(json.dumps(_preview_json(preview), ensure_ascii=False))
    else:
        _print_preview(preview)
    stopped = preview.in_the_way and not (options.leave_out and preview.new)
    if options.dry_run:
        if not options.json:
            print("確認だけを行いました。台帳は変わっていません。")
        if stopped:
            raise InvalidInputError({"file": _why_not(preview)})
        return
    result = import_ledger(
        ready,
        CONSOLE,
        name=options.file.name,
        content=content,
        accept_names=options.accept_names,
        leave_out=options.leave_out,
        seen_event=preview.last_event,
        reference=reference(),
        request_id=uuid.uuid4().hex,
        now=now(),
    )
    left = f"、除いた行 {result.left_out}行" if result.left_out else ""
    print(
        f"{result.new}行を記録しました(変更なし {result.unchanged}行{left})。",
        file=sys.stderr if options.json else sys.stdout,
    )


def _why_not(preview: Preview) -> str:
    """Why the file as it stands would not be taken, and what to do."""
    renamed = len(preview.of(Outcome.RENAMED))
    others = len(preview.in_the_way) - renamed
    said = []
    if others:
        said.append(
            f"{others}行を取り込めません。ファイルか台帳を直すか、--leave-out でその行を除いてください。"
        )
    if renamed:
        said.append(
            f"{renamed}行は団体名の読み替えが要ります。よければ --accept-names を付けてください。"
        )
    return "このままでは取り込まれません。" + "".join(said)


def _preview_json(preview: Preview) -> dict[str, object]:
    return {
        "sheet": preview.told.sheet,
        "rows": [_row_json(planned) for planned in preview.rows],
        "unread_headings": [*preview.told.unread],
    }


def _row_json(planned: PlannedRow) -> dict[str, object]:
    row = planned.row
    return {
        "line": row.line,
        "outcome": planned.outcome.value,
        "lg_code": row.participant or None,
        "programme": row.programme or None,
        "lot": row.lot,
        "kind": row.kind.value if row.kind else None,
        "effective": _written(row.effective) if row.effective else None,
        "precision": row.effective.precision.value if row.effective else None,
        "foreseen": _written(row.target) if row.target else None,
        "source": row.source,
        "note": row.note,
        "read_as": [*row.read_as],
        "reason": planned.reason,
    }


def _show_progress(done: int, total: int | None) -> None:
    words = f"{done:,}行を読みました" if total is None else f"{done:,}/{total:,}行を比べました"
    print(f"\r{words}", end="", file=sys.stderr, flush=True)


def _print_preview(preview: Preview) -> None:
    print("、".join(f"{outcome.label} {len(preview.of(outcome))}行" for outcome in Outcome))
    told = preview.told
    if told.sheet:
        print(f"  読んだシート: {told.sheet}")
    if told.other_sheets:
        print(f"  読まないシート(同じ見出しがある): {'、'.join(told.other_sheets)}")
    if told.unread:
        print(f"  読まない見出し: {'、'.join(told.unread)}")
    for line, words in told.left_out:
        print(f"  {line}行目 行として読まない: {words}")
    for planned in preview.rows:
        print(f"  {_line(planned)}")


def _line(planned: PlannedRow) -> str:
    """Every value that would be recorded, how it was read, and what stands against it."""
    row = planned.row
    systems = reference().procurements.systems
    values = (
        reference().named.get(row.participant, ""),
        systems[row.programme].label if row.programme else "",
        f"区分{row.lot}" if row.lot else "",
        row.kind.label if row.kind else "",
        row.effective.label if row.effective else "",
        f"開始予定 {row.target.label}" if row.target else "",
        f"出典 {_flat(row.source)}" if row.source else "",
        f"備考 {_flat(row.note)}" if row.note else "",
        f"訂正する記録番号 {row.corrects}" if row.corrects else "",
    )
    said = f"{row.line}行目 {planned.outcome.label}: {' | '.join(filter(None, values))}"
    if row.read_as:
        said += f"\n    読み方: {'、'.join(row.read_as)}"
    if planned.reason:
        said += f"\n    {planned.reason}"
    return said


def _flat(text: str) -> str:
    return " ".join(text.split())


def _template(options: argparse.Namespace) -> None:
    if is_csv(options.file):
        raise InvalidInputError({"file": "様式はExcelです。拡張子を.xlsxにしてください。"})
    write_file(options.file, ledger_template(Words.of(reference()), now().date()))


def _export(options: argparse.Namespace) -> None:
    as_csv, database = is_csv(options.file), engine()
    marked = made_up(database)
    events = ledger_export_view(database, CONSOLE)
    words = Words.of(reference())
    if as_csv:
        body = ledger_csv(events, words, made_up=marked)
    else:
        body = ledger_workbook(events, words, now().date(), made_up=marked)
    write_file(options.file, body)
    print(f"{len(events)}行を書き出しました。")
