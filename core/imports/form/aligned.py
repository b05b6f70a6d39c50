"""Where the rows and columns of a form are in a file that came back: found by the texts that stay.

A row is found where the texts it has in the form stand together in one row of the file and nowhere
else; rows without such texts lie as far from their neighbours as they did. What is not certain is
not found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.imports.form.place import Place, place
from core.imports.form.sheet import RawSheet
from core.inquiry.form.field import FormLayout, FormSheet

ENOUGH = 0.5
"""Share of a sheet's texts that must be there for it to be that sheet."""
_Anchor = tuple[Place, str]


@dataclass(frozen=True)
class Alignment:
    """Where what was in the form is now.

    Attributes:
        rows: By row of the form, that of the file; a row that is not certain is absent.
        columns: The same.
        last_row: Last row of the form that means anything; what lies below moves with it.
    """

    rows: Mapping[int, int] = field(default_factory=dict)
    columns: Mapping[int, int] = field(default_factory=dict)
    last: Place = (0, 0)

    def at(self, where: Place) -> Place | None:
        """Where a cell is now; None where that is not certain."""
        row, column = self.rows.get(where[0]), self.columns.get(where[1])
        return None if row is None or column is None else (row, column)

    @property
    def in_place(self) -> bool:
        """Whether nothing has moved."""
        return self.rows_in_place and self.columns_in_place

    @property
    def rows_in_place(self) -> bool:
        return len(self.rows) == self.last[0] and all(a == b for a, b in self.rows.items())

    @property
    def columns_in_place(self) -> bool:
        return len(self.columns) == self.last[1] + 1 and all(
            a == b for a, b in self.columns.items()
        )


def anchors_of(sheet: FormSheet) -> list[_Anchor]:
    """The texts of a sheet that stay, with their places."""
    found = []
    for where, text in sheet.fixed.items():
        if (at := place(where)) is not None and (kept := squeezed(text)):
            found.append((at, kept))
    return found


def squeezed(text: str) -> str:
    """A text without its blanks: files are saved with others."""
    return "".join(text.split())


def likeness(anchors: Sequence[_Anchor], sheet: RawSheet) -> float:
    """Share of a form's distinct texts that are somewhere in a sheet; 1 where it has none."""
    wanted = {text for _, text in anchors}
    if not wanted:
        return 1.0
    there = {squeezed(cell.text) for _, cell in sheet.written()}
    return len(wanted & there) / len(wanted)


def aligned(form: FormSheet, used: Iterable[Place], sheet: RawSheet) -> Alignment:
    """Where the rows and columns of a sheet are in a file.

    Args:
        used: The cells that matter besides the texts: fields and formulas.
    """
    anchors = anchors_of(form)
    places = [at for at, _ in anchors] + [*used]
    last = (max((r for r, _ in places), default=0), max((c for _, c in places), default=0))
    texts = {at: squeezed(cell.text) for at, cell in sheet.written()}
    identity = Alignment(
        {row: row for row in range(1, last[0] + 1)},
        {column: column for column in range(last[1] + 1)},
        last,
    )
    missing = [each for each in anchors if texts.get(each[0]) != each[1]]
    if not missing or not _elsewhere(missing, texts):
        return identity  # texts may have been changed, nothing has moved
    columns = _columns(anchors, texts, last[1])
    rows = _rows(anchors, texts, columns, last[0])
    return Alignment(rows, columns, last)


def _elsewhere(missing: Sequence[_Anchor], texts: Mapping[Place, str]) -> bool:
    """Whether texts that are not where they were stand somewhere else."""
    there = set(texts.values())
    return any(text in there for _, text in missing)


def _columns(
    anchors: Sequence[_Anchor], texts: Mapping[Place, str], last: int
) -> Mapping[int, int]:
    """Columns by the texts that are in the form and in the file once each."""
    in_form = Counter(text for _, text in anchors)
    in_file = Counter(texts.values())
    where = {text: at for at, text in texts.items() if in_file[text] == 1}
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for at, text in anchors:
        if in_form[text] == 1 and text in where:
            votes[at[1]][where[text][1]] += 1
    known = {}
    for column, cast in votes.items():
        winner, count = cast.most_common(1)[0]
        if 3 * count > 2 * cast.total():
            known[column] = winner
    if not known:
        return {column: column for column in range(last + 1)}
    return _filled(known, range(last + 1), before=-1)


def _rows(
    anchors: Sequence[_Anchor],
    texts: Mapping[Place, str],
    columns: Mapping[int, int],
    last: int,
) -> Mapping[int, int]:
    """Rows by what stands in them together."""
    by_token: dict[tuple[int, str], set[int]] = defaultdict(set)
    for (row, column), text in texts.items():
        by_token[column, text].add(row)
    wanted: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (row, column), text in anchors:
        if (now := columns.get(column)) is not None:
            wanted[row].append((now, text))
    candidates: dict[int, set[int]] = {}
    for row, tokens in wanted.items():
        found = set.intersection(*(by_token.get(token, set()) for token in tokens))
        if found:
            candidates[row] = found
    claimed = Counter(each for found in candidates.values() for each in found)
    known = {
        row: next(iter(found))
        for row, found in candidates.items()
        if len(found) == 1 and claimed[next(iter(found))] == 1
    }
    return _filled(known, range(1, last + 1), before=0)


def _filled(known: Mapping[int, int], wanted: Sequence[int], before: int) -> dict[int, int]:
    """Those between two known ones, where as many lie between them as did; and those behind.

    Args:
        before: What lies before the first in the form and in the file.
    """
    found = dict(known)
    fixed = [before, *sorted(known)]
    for near, far in zip(fixed, [*fixed[1:], None], strict=True):
        start = before if near == before else known[near]
        if far is None:
            for each in range(near + 1, wanted[-1] + 1):
                found[each] = start + each - near
        elif known[far] - start == far - near:
            for each in range(near + 1, far):
                found[each] = start + each - near
    return found


# ── which sheet is which ──────────────────────────────────────────────────────────────────────


def matched_sheets(layout: FormLayout, sheets: Sequence[RawSheet]) -> dict[str, RawSheet]:
    """The sheet of the file for each of the form: by name, else the only one that is like it."""
    found: dict[str, RawSheet] = {}
    by_name = {sheet.name: sheet for sheet in sheets}
    anchors = {form.name: anchors_of(form) for form in layout.sheets}
    for form in layout.sheets:
        sheet = by_name.get(form.name)
        if sheet is not None and likeness(anchors[form.name], sheet) >= ENOUGH:
            found[form.name] = sheet
    for form in layout.sheets:
        if form.name in found or not anchors[form.name]:
            continue
        left = [each for each in sheets if all(each is not taken for taken in found.values())]
        like = [each for each in left if likeness(anchors[form.name], each) >= ENOUGH]
        if len(like) > 1:  # a copy of the sheet: the better one, if there is one
            best = sorted(like, key=lambda each: -likeness(anchors[form.name], each))
            scores = [likeness(anchors[form.name], each) for each in best[:2]]
            like = best[:1] if scores[0] > scores[1] else []
        if like:
            found[form.name] = like[0]
    return found
