"""オープンデータ: CSV files with the description of every column.

Trainings in the layout of イベント一覧, municipalities, participation, and the codebook of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from core.exports.file import MARK_COLUMN, MARK_MEANING, csv_file
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageState
from core.procurement.headline import Headline
from core.reference.corrections import corrections_text
from core.reference.names import Names
from core.reference.pack import Reference
from core.training.line import SessionLine
from core.training.vocabulary import TrainingState
from core.values.figure import Status
from core.values.fiscal import Precision
from core.values.municipality import Municipality
from core.values.offer import OfferedPart
from core.views.open_data import OpenDataAnswer
from core.views.procurement import SystemAnswer

LICENCE = "クリエイティブ・コモンズ 表示 4.0 国際(CC BY 4.0)"
TRAININGS = "trainings.csv"
"""The file of trainings; there is none where none are offered."""
NOTICE = "仮定(公開の前に事務局が確認)"
"""What stands beside :data:`LICENCE`: nobody has decided it yet."""


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    meaning: str  # what stands in it, in which form, and what an empty cell says


@dataclass(frozen=True)
class OpenDataFile:
    """One file."""

    name: str  # file name in the address
    title: str
    summary: str  # what is in it, one row per what, and what is not
    source: str  # where it comes from
    licence: str  # what may be done with it
    columns: tuple[Column, ...]  # in order
    rows: tuple[tuple[str, ...], ...]  # as wide as ``columns``
    made_up: bool  # whether it comes from a database of made-up data

    @property
    def body(self) -> bytes:
        """The file: UTF-8 with BOM and CRLF, as Excel opens it."""
        return csv_file(
            tuple(column.name for column in self.columns), self.rows, made_up=self.made_up
        )


NO_TIME = "時刻は公表されていない"


@dataclass(frozen=True)
class Event:
    """A session and what its row needs beside it."""

    line: SessionLine
    names: Names
    theme: str  # テーマ as a reader sees it
    link: str  # address of the training's page
    as_of: date  # day that decides 開催予定 or 終了
    corrections: str  # where the text differs from the print, in words


def event_rows(
    lines: Iterable[SessionLine],
    reference: Reference,
    link: Callable[[str], str],
    as_of: date,
) -> tuple[tuple[str, ...], ...]:
    """One row per session in the columns of data/event_list_columns.csv.

    Args:
        lines: Sessions of trainings marked 公開可.
        link: ``training_id`` → address.
        as_of: Day that decides 開催予定 or 終了.
    """
    themes = reference.trainings.theme_labels
    names = [column.name for column in reference.event_columns]
    events = (
        Event(
            line,
            reference.names,
            themes.get(line.content.theme, line.content.theme),
            link(line.training_id),
            as_of,
            corrections_text(
                reference.trainings.corrections_in(
                    line.training_id,
                    line.content.title,
                    line.content.purpose,
                    line.content.co_host,
                )
            ),
        )
        for line in lines
    )
    return tuple(
        tuple(CELLS[name](event) if name in CELLS else "" for name in names) for event in events
    )


def _clock(moment: time | None) -> str:
    return "" if moment is None else f"{moment:%H:%M}"


_OFF, _OVER, _AHEAD = "中止", "終了", "開催予定"


def _state(event: Event) -> str:
    if event.line.cancelled:
        return _OFF
    return _OVER if event.line.day < event.as_of else _AHEAD


def _formats(event: Event) -> str:
    return ";".join(each.label for each in event.line.session.formats or ())


def _deadline(event: Event) -> str:
    return "" if event.line.content.deadline is None else event.line.content.deadline.isoformat()


def _how_to_enrol(event: Event) -> str:
    if _state(event) != _AHEAD:
        return ""
    return f"{event.names.towns}の担当者が乗合(Noriai)の研修の画面から申し込む"


def _remark(event: Event) -> str:
    said = ""
    if event.line.training.state is TrainingState.CANCELLED:
        said = f"中止の理由: {event.line.training.reason}"
    elif event.line.session.cancelled:
        said = "この日程は取りやめ"
    return "。".join(filter(None, (said, event.corrections)))


CELLS: dict[str, Callable[[Event], str]] = {
    "全国地方公共団体コード": lambda event: event.names.prefecture_code,
    "ID": lambda event: event.line.session_id,
    "地方公共団体名": lambda event: event.names.prefecture,
    "イベント名": lambda event: event.line.content.title,
    "コンテンツURL": lambda event: event.link,
    "状態": _state,
    "キーワード": lambda event: event.theme,
    "タグ": _formats,
    "開始日": lambda event: event.line.day.isoformat(),
    "終了日": lambda event: event.line.day.isoformat(),
    "開始時間": lambda event: _clock(event.line.session.start),
    "終了時間": lambda event: _clock(event.line.session.end),
    "開始日時特記事項": lambda event: NO_TIME if event.line.session.start is None else "",
    "概要": lambda event: event.line.content.purpose,
    "説明": lambda event: event.line.content.covered,
    "イベント種類": lambda event: event.line.content.kind.value,
    "主催者": lambda event: event.line.content.host,
    "共催団体": lambda event: (event.line.content.co_host or "").replace("、", ";"),
    "対象者": lambda event: (
        event.line.content.audience.label if event.line.content.audience else ""
    ),
    "場所名称": lambda event: event.line.session.place or "",
    "定員": lambda event: (
        "" if event.line.session.capacity is None else str(event.line.session.capacity)
    ),
    "参加申込終了日": _deadline,
    "参加申込終了時間": lambda event: _clock(event.line.content.deadline_time),
    "参加申込方法": lambda event: _how_to_enrol(event),
    "備考": _remark,
}
"""What fills a column; the others of the layout stay empty."""


_OURS = f"{LICENCE}〔{NOTICE}〕"
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

_MUNICIPALITIES = (
    Column("全国地方公共団体コード", "検査数字を含む6桁の文字列。"),
    Column("市区町村名", "{prefecture}内の{towns}の名称。"),
    Column("市区町村名_カナ", "名称の読み。全角カナ。"),
    Column("区分", "政令指定都市・中核市・施行時特例市・市・町・村などの区分。"),
    Column("地域", "{prefecture}内の{areas}つの地域。"),
    Column("人口", "{census}の人口。単位: 人。半角数字だけで書く。"),
    Column("緯度", "役所・役場の位置。世界測地系(WGS84)、度。"),
    Column("経度", "役所・役場の位置。世界測地系(WGS84)、度。"),
)
_PARTICIPATION = (
    Column(
        "事業キー", "chat・eapply・docs・econtract・talent のどれか。電子申請の区分は次の列に書く。"
    ),
    Column("事業名", "共同調達または共同事業の名称。"),
    Column("区分", "電子申請のAまたはB。事業全体のときは空欄。"),
    Column("集計基準キー", "何を数えたか。違う集計基準の数を足したり比べたりしてはならない。"),
    Column("集計基準", "集計基準の説明。"),
    Column("値の種類", "台帳(この仕組みの記録を数えた数)または公表値(資料にある数)。"),
    Column(
        "台帳の網羅",
        "台帳の行だけに書く。「網羅」のとき、団体数は参加団体の数。「一部のみ」「名前なし」のときは"
        "名前のわかる団体の数で、参加団体の数ではない(参加団体の数は公表値の行を見る)。",
    ),
    Column(
        "実績・予定",
        "実績・予定・仮定のどれか。予定を含む数は予定とする。空欄は名前のわかる団体の数。",
    ),
    Column("団体数", "{towns}の数。半角数字だけで書く。空欄は不明(0の意味ではない)。"),
    Column("基準日", "その数が成り立つ日。YYYY-MM-DD。月・年度までしか分からないときは最初の日。"),
    Column("基準日の精度", "日・月・月以降・年度のどれか。"),
    Column("出典", "資料名。台帳のときは、この仕組みの参加台帳。"),
)
_CODEBOOK = (
    Column("ファイル名", "説明するファイルの名前。"),
    Column("順", "左から何番目の列か。"),
    Column("列名", "見出しの文字。"),
    Column("説明", "何がどの形で入るか。空欄が何を意味するか。"),
    Column("ライセンス", "そのファイルの利用の条件。"),
)
_MARK = Column(MARK_COLUMN, MARK_MEANING)
_PRECISIONS = {
    Precision.DAY: "日",
    Precision.MONTH: "月",
    Precision.MONTH_OR_LATER: "月以降",
    Precision.FISCAL_YEAR: "年度",
}


def open_data_files(
    answer: OpenDataAnswer,
    reference: Reference,
    link: Callable[[str], str],
    *,
    made_up: bool,
) -> tuple[OpenDataFile, ...]:
    """Every file, the codebook last.

    Args:
        link: ``training_id`` → address of its page.
    """
    trainings = (
        _trainings_file(answer, reference, link, made_up=made_up)
        if OfferedPart.TRAININGS in reference.offers
        else None
    )
    reference = reference.on(answer.as_of)
    municipalities = OpenDataFile(
        name="municipalities.csv",
        title=f"{reference.names.within}{reference.names.towns}一覧",
        summary=f"{reference.names.prefecture}内の{reference.all_towns}。1{reference.names.towns}を1行とする。",
        source="、".join(
            f"{reference.sources[key].title}({reference.sources[key].publisher})"
            for key in ("localgovjp", *reference.population_sources)
        ),
        licence=f"{reference.sources['localgovjp'].licence}(人口は国勢調査の出典表示が必要)",
        columns=_described(_MUNICIPALITIES, reference),
        rows=tuple(_municipality(each) for each in reference.municipalities),
        made_up=made_up,
    )
    participation = OpenDataFile(
        name="participation.csv",
        title="共同調達の参加団体数",
        summary="事業・集計基準・基準日ごとの団体数。台帳の数と公表値を別の行に並べ、混ぜない。"
        "どの団体が参加しているかは含まない。",
        source="参加台帳、および各行の出典欄の資料",
        licence=_OURS,
        columns=_described(_PARTICIPATION, reference),
        rows=tuple(
            row
            for each in answer.systems
            for found in (*each.headlines, *(lot.headline for lot in each.lots))
            for row in _counts(each, found, answer, reference)
        ),
        made_up=made_up,
    )
    files = tuple(filter(None, (trainings, municipalities, participation)))
    return (*files, _codebook(files, made_up=made_up))


def _described(columns: Iterable[Column], reference: Reference) -> tuple[Column, ...]:
    """Columns with the words of the pack, which stand in braces, filled in."""
    names, areas = reference.names, len(reference.areas)
    return tuple(
        replace(
            each,
            meaning=each.meaning.format(
                prefecture=names.prefecture,
                towns=names.towns,
                areas=areas,
                census=reference.census,
            ),
        )
        for each in columns
    )


def _trainings_file(
    answer: OpenDataAnswer,
    reference: Reference,
    link: Callable[[str], str],
    *,
    made_up: bool,
) -> OpenDataFile:
    return OpenDataFile(
        name=TRAININGS,
        title="研修一覧(イベント一覧の様式)",
        summary="公開可とされた研修の日程。1日程を1行とし、中止になったものも残す。",
        source=f"{reference.names.prefecture}の研修の記録。様式: {reference.sources['event-list'].title}",
        licence=_OURS,
        columns=tuple(Column(each.name, each.meaning) for each in reference.event_columns),
        rows=event_rows(answer.sessions, reference, link, answer.as_of),
        made_up=made_up,
    )


def _codebook(files: Iterable[OpenDataFile], *, made_up: bool) -> OpenDataFile:
    return OpenDataFile(
        name="codebook.csv",
        title="列の説明(コードブック)",
        summary="ほかのファイルの列の説明。1列を1行とする。",
        source="この仕組みで作成",
        licence=_OURS,
        columns=_CODEBOOK,
        rows=tuple(
            (file.name, str(number), column.name, column.meaning, file.licence)
            for file in files
            for number, column in enumerate((*file.columns, *([_MARK] if made_up else [])), start=1)
        ),
        made_up=made_up,
    )


def _municipality(each: Municipality) -> tuple[str, ...]:
    return (
        each.lg_code,
        each.name,
        each.kana.translate(_KATAKANA),
        each.category,
        each.area,
        str(each.population),
        str(each.lat),
        str(each.lng),
    )


def _counts(
    system: SystemAnswer, found: Headline, answer: OpenDataAnswer, reference: Reference
) -> Iterable[tuple[str, ...]]:
    basis = found.basis
    common = (
        system.procurement.key,
        system.procurement.label,
        found.lot or "",
        basis.value,
        basis.label,
    )
    status = ""
    if basis is CountBasis.PAID_FREE_OR_PLANNED:
        status = Status.PLANNED.label
    elif found.coverage is CoverageState.COMPLETE:
        status = Status.ACTUAL.label
    yield (
        *common,
        "台帳",
        "" if found.named is None else found.coverage.label,
        status,
        "" if found.named is None else str(found.named),
        answer.as_of.isoformat(),
        "日",
        "参加台帳",
    )
    for total in found.published:
        yield (
            *common,
            "公表値",
            "",
            total.status.label,
            str(total.value),
            total.as_of.first.isoformat(),
            _PRECISIONS[total.as_of.precision],
            reference.sources[total.source].title,
        )
