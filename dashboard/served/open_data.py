"""``/open-data/``: a page that describes each file, its columns and its licence; and the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from core.access.principal import PUBLIC
from core.exports.file import file_name
from core.exports.open_data import TRAININGS, OpenDataFile, open_data_files
from core.store.engine import data_revision
from core.views.demonstration import demonstration_view
from core.views.open_data import open_data_view
from dashboard import context
from dashboard.served.calendar_feed import public_address, training_link
from dashboard.served.database_threads import ask
from dashboard.served.served_file import ServedFile, refusal, respond

PATH = "/open-data/"


def _files() -> Mapping[str, tuple[OpenDataFile, ServedFile]]:
    engine = context.engine()
    return _files_of(engine.url, data_revision(engine), context.today())


@lru_cache(maxsize=2)
def _files_of(
    _database: object, _revision: int, today: date
) -> Mapping[str, tuple[OpenDataFile, ServedFile]]:
    answer = open_data_view(context.engine(), PUBLIC, context.reference(), as_of=today)
    made_up = context.answer(demonstration_view, PUBLIC)
    files = open_data_files(answer, context.reference(), training_link, made_up=made_up)
    return {
        each.name: (each, ServedFile(file_name(each.name, suffix="", made_up=made_up), each.body))
        for each in files
    }


async def _page(_request: Request) -> Response:
    found = await ask(_files)
    return HTMLResponse(page_html([file for file, _ in found.values()]))


async def _file(request: Request) -> Response:
    found = await ask(_files)
    name = request.path_params["name"]
    if name not in found:
        return refusal(404, f"このファイルはありません。{PATH} から選び直してください。\n")
    return respond(request, found[name][1])


def page_html(files: list[OpenDataFile]) -> str:
    """The page, every text escaped."""
    contents = "".join(
        f'<li><a href="#{escape(file.name)}">{escape(file.title)}</a></li>' for file in files
    )
    return (
        '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>オープンデータ | 乗合 Noriai</title>"
        '<link rel="icon" href="/assets/icon.svg"><link rel="stylesheet" href="/assets/open_data.css">'
        "</head><body><main>"
        '<p><a href="/">乗合 Noriai へ戻る</a></p><h1>オープンデータ</h1>'
        "<p>文字コードはUTF-8(BOM付き)、改行はCRLFで、Excelでそのまま開けます。"
        "空欄は「不明」または「定めがない」ことを表し、0や無料の意味ではありません。"
        "式として働くおそれのある文字(= + - @ など)で始まる値には、先頭に ' を付けています。</p>"
        f'<nav aria-label="ファイルの一覧"><ul>{contents}</ul></nav>'
        f"{''.join(_section(file) for file in files)}"
        f"{_calendar() if TRAININGS in [file.name for file in files] else ''}"
        "</main></body></html>"
    )


def _calendar() -> str:
    feed = escape(public_address())
    return (
        "<section><h2>カレンダー(iCalendar)</h2>"
        f"<p>研修の予定は、カレンダーソフトに次のアドレスを登録すると購読できます。</p>"
        f"<p><code>{feed}</code></p>"
        "<p>テーマ(<code>theme=chat</code> など)と対象"
        "(<code>audience=all_municipalities</code> など)で絞り込めます。</p></section>"
    )


def _section(file: OpenDataFile) -> str:
    rows = "".join(
        f'<tr><td>{number}</td><th scope="row">{escape(column.name)}</th>'
        f"<td>{escape(column.meaning)}</td></tr>"
        for number, column in enumerate(file.columns, start=1)
    )
    name = escape(file.name)
    return (
        f'<section id="{name}"><h2>{escape(file.title)}</h2><p>{escape(file.summary)}</p>'
        f'<p><a class="file" href="{PATH}{name}" download>{name}</a>'
        f"({len(file.rows):,}行、{len(file.columns)}列)</p>"
        f"<dl><dt>出典</dt><dd>{escape(file.source)}</dd>"
        f"<dt>ライセンス</dt><dd>{escape(file.licence)}</dd></dl>"
        f"<details><summary>{escape(file.title)}の列の説明({len(file.columns)}列)</summary>"
        '<table><thead><tr><th scope="col">順</th><th scope="col">列名</th>'
        f'<th scope="col">説明</th></tr></thead><tbody>{rows}</tbody></table></details></section>'
    )


ROUTES = (
    Route(PATH.removesuffix("/"), RedirectResponse(PATH)),
    Route(PATH, _page),
    Route(PATH + "{name}", _file),
)
