"""様式の記入欄を直す: what the secretariat may put otherwise than it was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.inquiry.form.field import FieldKind, FormField, FormLayout, FoundBy
from core.inquiry.form.template import has_boxes, has_date_gap

_NUMBERS = (FieldKind.NUMBER, FieldKind.YEN)


def kinds_of(field: FormField) -> tuple[FieldKind, ...]:
    """Kinds a field may be of: what its cells and their text allow, its own first.

    Examples:
        >>> [str(kind) for kind in kinds_of(FormField("s1_A1", "様式", ("A1",), "人数"))]
        ['text', 'number', 'yen', 'date']
        >>> kinds_of(FormField("s1_A1", "様式", ("A1", "B1"), "金額", FieldKind.DIGITS))
        (<FieldKind.DIGITS: 'digits'>,)
    """
    if len(field.cells) > 1:
        return (field.kind,)
    return tuple(dict.fromkeys((field.kind, *_possible(field))))


def _possible(field: FormField) -> Iterator[FieldKind]:
    yield FieldKind.TEXT
    if has_boxes(field.template):
        yield FieldKind.CHECKBOX
    elif has_date_gap(field.template):
        yield FieldKind.ERA_DATE
    else:
        yield from _NUMBERS
        yield FieldKind.DATE
        if field.options:
            yield FieldKind.CHOICE


def with_kind(field: FormField, kind: FieldKind) -> FormField:
    """A field of another kind; amounts and counts that are no shares add up.

    Raises:
        ValueError: It cannot be of that kind.
    """
    if kind not in kinds_of(field):
        raise ValueError(f"{field.label}({field.address})は「{kind.label}」にできません。")
    return replace(field, kind=kind, adds_up=kind in _NUMBERS and not field.percent)


def without_field(layout: FormLayout, key: str) -> FormLayout:
    """A layout in which one field is no longer filled in: what is written there stays the form's."""
    return layout.with_fields(each for each in layout.fields if each.key != key)


def carried_over(made: FormLayout, before: FormLayout) -> FormLayout:
    """A layout whose cells were marked anew, with what was put of those that were there before."""
    old = before.by_key
    fields = tuple(
        replace(
            each,
            label=known.label,
            kind=known.kind,
            required=known.required,
            adds_up=known.adds_up,
            options=known.options,
        )
        if (known := old.get(each.key)) is not None and known.cells == each.cells
        else each
        for each in made.fields
    )
    found_by = before.found_by if before.fields else FoundBy.MARKS
    return replace(made, fields=fields, found_by=found_by)
