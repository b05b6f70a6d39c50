"""The files of /open-data/: trainings, municipalities, participation, and the codebook of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.exports.file import MARK_COLUMN, MARK_MEANING
from core.exports.open_data.events import event_rows
from core.exports.open_data.file import LICENCE, NOTICE, Column, OpenDataFile
from core.procurement.counting import CountBasis
from core.reference.catalogue import Reference
from core.reference.comparison import Comparison
from core.values.figure import Status
from core.values.fiscal import Precision
from core.values.municipality import Municipality
from core.views.open_data import OpenDataAnswer
from core.views.procurement import SystemAnswer

_OURS = f"{LICENCE}〔{NOTICE}〕"
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

_MUNICIPALITIES = (
    Column("全国地方公共団体コード", "検査数字を含む6桁の文字列。"),
    Column("市区町村名", "大阪府内の市町村の名称。"),
    Column("市区町村名_カナ", "名称の読み。全角カナ。"),
    Column("区分", "政令指定都市・中核市・施行時特例市・市・町・村などの区分。"),
    Column("地域", "大阪府内の8つの地域。"),
    Column("人口", "令和2年国勢調査の人口。単位: 人。半角数字だけで書く。"),
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
    Column("実績・予定", "実績・予定・仮定のどれか。予定を含む数は予定とする。"),
    Column("団体数", "市町村の数。半角数字だけで書く。空欄は不明(0の意味ではない)。"),
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
        answer: What may leave.
        reference: Columns of イベント一覧, themes, sources.
        link: ``training_id`` → address of its page.
        made_up: Whether the database holds made-up data; every file then says so.
    """
    trainings = OpenDataFile(
        name="trainings.csv",
        title="研修一覧(イベント一覧の様式)",
        summary="公開可とされた研修の日程。1日程を1行とし、中止になったものも残す。",
        source=f"大阪府の研修の記録。様式: {reference.sources['event-list'].title}",
        licence=_OURS,
        columns=tuple(Column(each.name, each.meaning) for each in reference.event_columns),
        rows=event_rows(answer.sessions, reference, link, answer.as_of),
        made_up=made_up,
    )
    municipalities = OpenDataFile(
        name="municipalities.csv",
        title="府内市町村一覧",
        summary="大阪府内の43市町村。1市町村を1行とする。",
        source="、".join(
            f"{reference.sources[key].title}({reference.sources[key].publisher})"
            for key in ("localgovjp", "kokusei-2020")
        ),
        licence=f"{reference.sources['localgovjp'].licence}(人口は国勢調査の出典表示が必要)",
        columns=_MUNICIPALITIES,
        rows=tuple(_municipality(each) for each in answer.municipalities),
        made_up=made_up,
    )
    participation = OpenDataFile(
        name="participation.csv",
        title="共同調達の参加団体数",
        summary="事業・集計基準・基準日ごとの団体数。台帳の数と公表値を別の行に並べ、混ぜない。"
        "どの団体が参加しているかは含まない。",
        source="参加台帳、および各行の出典欄の資料",
        licence=_OURS,
        columns=_PARTICIPATION,
        rows=tuple(row for each in answer.systems for row in _system(each, answer, reference)),
        made_up=made_up,
    )
    files = (trainings, municipalities, participation)
    return (*files, _codebook(files, made_up=made_up))


def _codebook(files: Iterable[OpenDataFile], *, made_up: bool) -> OpenDataFile:
    return OpenDataFile(
        name="codebook.csv",
        title="列の説明(コードブック)",
        summary="ほかの3つのファイルの列の説明。1列を1行とする。",
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


def _system(
    system: SystemAnswer, answer: OpenDataAnswer, reference: Reference
) -> Iterable[tuple[str, ...]]:
    for comparison in system.comparisons:
        yield from _comparison(system, "", comparison, answer, reference)
    for lot in system.lots:
        yield from _comparison(system, lot.lot.key, lot.comparison, answer, reference)


def _comparison(
    system: SystemAnswer,
    lot: str,
    comparison: Comparison,
    answer: OpenDataAnswer,
    reference: Reference,
) -> Iterable[tuple[str, ...]]:
    basis: CountBasis = comparison.basis
    common = (system.procurement.key, system.procurement.label, lot, basis.value, basis.label)
    ledger = "" if comparison.ledger is None else str(comparison.ledger)
    day = answer.as_of.isoformat()
    foreseen = basis is CountBasis.PAID_FREE_OR_PLANNED
    status = Status.PLANNED if foreseen else Status.ACTUAL
    yield (*common, "台帳", status.label, ledger, day, "日", "参加台帳")
    for beside in comparison.published:
        total = beside.total
        yield (
            *common,
            "公表値",
            Status(total.status).label,
            str(total.value),
            total.as_of.first.isoformat(),
            _PRECISIONS[total.as_of.precision],
            reference.sources[total.source].title,
        )
