"""初期データの書き出し: the catalogue as it stands, as the files of a pack that fills a database.

Beside what the secretariat keeps in the catalogue, what was recorded since goes into the files as
far as their formats hold it; what they do not hold is named.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from core.params import Parameter, standing, value_text
from core.procurement.event import EventKind, LedgerEvent, in_order
from core.reference import event_list, municipalities, participations, published_totals
from core.reference.ledger_seed import seed_events
from core.reference.pack import Reference
from core.reference.participations import KINDS
from core.values.fiscal import JAPAN, PartialDate, Precision, day_in_japan
from core.views.pack import Recorded

_NEVER = datetime(2000, 1, 1, tzinfo=JAPAN)
"""When nothing was recorded: of events that are compared, not recorded."""
_PARTICIPATION, _PARAMETERS, _SOURCES = "participation.csv", "parameters.yaml", "sources.yaml"
_OPTIONAL: Mapping[str, str] = {"municipalities.csv": municipalities.OPTIONAL}
_COLUMNS: Mapping[str, str] = {
    "municipalities.csv": municipalities.COLUMNS,
    "published_totals.csv": published_totals.COLUMNS,
    _PARTICIPATION: participations.COLUMNS,
    "event_list_columns.csv": event_list.COLUMNS,
}
_SAID = ("この仕組みに記録したときの言葉", "事務局", "明示なし", "記録した日のまま")
"""Of a source that is words somebody typed: note, publisher, licence, date."""


@dataclass(frozen=True)
class PackFiles:
    """The files of a pack, and what stands in none of them."""

    files: Mapping[str, bytes]
    left_out: tuple[str, ...]  # in words


def pack_files(reference: Reference, recorded: Recorded) -> PackFiles:
    """The files of a pack from the catalogue of a year and what was recorded."""
    trees = dict(reference.files)
    sources = _Sources(trees[_SOURCES]["sources"])
    rows, left_out = _participation(reference, recorded.events, sources)
    trees.pop(_PARTICIPATION, None)
    if rows:
        trees[_PARTICIPATION] = rows
    trees[_PARAMETERS] = {"parameters": _parameters(recorded.parameters, sources)}
    trees[_SOURCES] = {"sources": sources.naming(trees)}
    left_out += [f"参加台帳の網羅の宣言{recorded.coverage}件"] if recorded.coverage else []
    left_out += (
        [f"ここで作った、または変えた研修{recorded.trainings}件"] if recorded.trainings else []
    )
    left_out += [f"ほかの年度のカタログ({'、'.join(recorded.years)})"] if recorded.years else []
    return PackFiles({name: _body(name, tree) for name, tree in trees.items()}, tuple(left_out))


class _Sources:
    """Sources by key; words that are no key become a source of their own."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known: dict[str, dict[str, Any]] = {key: dict(each) for key, each in known.items()}
        self._words: dict[str, str] = {}

    def key(self, words: str, file: str) -> str:
        """The key of a source as recorded: it is one, or becomes one; it names the file."""
        found = words if words in self._known else self._words.get(words)
        if found is None:
            found = f"recorded-{len(self._words) + 1}"
            while found in self._known:
                found += "x"
            note, publisher, licence, said = _SAID
            self._words[words] = found
            self._known[found] = {
                "title": words or note, "publisher": publisher, "url": None, "licence": licence,
                "date": said, "note": note, "files": (),
            }  # fmt: skip
        files = self._known[found]["files"]
        if file not in files:
            self._known[found]["files"] = (*files, file)
        return found

    def naming(self, trees: Mapping[str, Any]) -> dict[str, Any]:
        """All of them, without files that are not written."""
        return {
            key: {**each, "files": tuple(name for name in each["files"] if name in trees)}
            for key, each in self._known.items()
        }


def _participation(
    reference: Reference, events: Iterable[LedgerEvent], sources: _Sources
) -> tuple[tuple[dict[str, str], ...], list[str]]:
    """Rows of the events that count, and in words what is not in them."""
    counting = sorted(in_order(events), key=lambda event: event.event_id)
    said = {_what(event): row for event, row in _shipped(reference)}
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    missing = {
        "種類": 0,
        "委任状": 0,
        "区分": 0,
        "備考": 0,
        "参加時期": 0,
        "都道府県": 0,
        "重複": 0,
    }
    for event in counting:
        begins = event.target if event.kind is EventKind.PLANNED else event.effective
        if event.participant not in reference.succession.of_code:
            missing["都道府県"] += 1
        elif event.kind.value not in KINDS:
            missing["種類"] += 1
        elif event.target is not None and event.kind is not EventKind.PLANNED:
            missing["委任状"] += 1
        elif begins is None:
            missing["参加時期"] += 1
        else:
            row = said.get(_what(event)) or _row(reference, event, begins)
            key = tuple(row[name] for name in ("programme", "code", "event", "effective"))
            missing["重複"] += key in rows
            missing["区分"] += event.lot is not None
            missing["備考"] += bool(event.note)
            rows.setdefault(key, {**row, "source": sources.key(event.source, _PARTICIPATION)})
    return tuple(rows.values()), [
        words.format(missing[k]) for k, words in _LOST.items() if missing[k]
    ]


_LOST = {
    "種類": "参加台帳の、区分変更の記録{}件",
    "委任状": "参加台帳の、開始予定を書いた委任状の記録{}件",
    "参加時期": "参加台帳の、時期のわからない予定{}件",
    "都道府県": "参加台帳の、都道府県の記録{}件",
    "重複": "参加台帳の、同じ団体・種類・時期の2つ目の記録{}件",
    "区分": "参加台帳の記録{}件の区分(参加は含む)",
    "備考": "参加台帳の記録{}件の備考(参加は含む)",
}


def _shipped(reference: Reference) -> Iterable[tuple[LedgerEvent, dict[str, str]]]:
    """The events the ledger began with, and the rows of the pack they came from."""
    events = seed_events(reference, _NEVER)
    return zip(events, reference.files.get(_PARTICIPATION, ()), strict=True)


def _what(event: LedgerEvent) -> tuple[object, ...]:
    return (
        event.participant, event.programme, event.lot, event.kind, event.effective, event.target,
        event.source,
    )  # fmt: skip


def _row(reference: Reference, event: LedgerEvent, begins: PartialDate) -> dict[str, str]:
    planned = event.kind is EventKind.PLANNED
    said = (
        event.effective if planned else PartialDate(day_in_japan(event.recorded_at), Precision.DAY)
    )
    return {
        "programme": event.programme,
        "code": event.participant,
        "municipality": reference.succession.called(event.participant, begins.first),
        "event": event.kind.value,
        "effective": _text(begins),
        "date_precision": begins.precision.value,
        "as_of": _text(said),
    }


def _text(day: PartialDate) -> str:
    """As the files of a pack write it; how exact it is stands in a column of its own."""
    if day.precision is Precision.DAY:
        return day.first.isoformat()
    if day.precision is Precision.FISCAL_YEAR:
        return str(day.first.year)
    return f"{day.first:%Y-%m}"


def _parameters(
    recorded: tuple[Parameter, ...], sources: _Sources
) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "name": each.name,
            "value": value_text(each.value),
            "valid_from": each.valid_from.isoformat(),
            "basis": each.basis.value,
            "source": sources.key(each.source, _PARAMETERS),
            "note": each.note,
        }
        for name in dict.fromkeys(each.name for each in recorded)
        for each in standing(recorded, name).values()
    )


def _body(name: str, tree: Any) -> bytes:
    if isinstance(tree, str):
        return tree.encode()
    if name in _COLUMNS:
        more = [c for c in _OPTIONAL.get(name, "").split(",") if any(row.get(c) for row in tree)]
        return _csv([*_COLUMNS[name].split(","), *more], tree)
    text = yaml.safe_dump(_lists(tree), allow_unicode=True, sort_keys=False, width=10_000)
    return text.encode()


def _csv(columns: list[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _lists(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {key: _lists(each) for key, each in tree.items()}
    return [_lists(each) for each in tree] if isinstance(tree, list | tuple) else tree
