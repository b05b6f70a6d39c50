"""What one field of a form says: the value as it is kept, and what stands against the cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.imports.form.sheet import RawCell
from core.inquiry.form.answer import NOT_APPLICABLE, SEPARATOR
from core.inquiry.form.damage import DamageKind
from core.inquiry.form.field import FieldKind, FormField
from core.inquiry.form.number import canonical, is_multiple, same_unit, split_number
from core.inquiry.form.template import (
    LONGEST_TEMPLATE,
    around_boxes,
    asks_for_day,
    box_states,
    completed_date,
    same_option,
    same_words,
    words_in_gap,
)
from core.values.fiscal import Precision
from core.values.free_text import TEXT, cleaned, refused_character
from core.values.written_date import read_date

_PLACEHOLDER = re.compile("ください|下さい|記入例|^例|選択|入力|記載")
_ALSO_TICKS = frozenset("○〇◯1レv✔✓xX×TRUE")
_SHOWN = 40


@dataclass
class Said:
    """A value and what is told of it; None where there is none."""

    value: str | None = None
    told: list[tuple[DamageKind, str, bool]] = field(default_factory=list)

    def mended(self, kind: DamageKind, words: str) -> Said:
        """Tell of what was read all the same."""
        self.told.append((kind, words, True))
        return self

    def refused(self, kind: DamageKind, words: str) -> Said:
        """Tell of what could not be read; there is no value then."""
        self.told.append((kind, words, False))
        self.value = None
        return self


def value_of(of: FormField, cells: Sequence[RawCell]) -> Said:
    """What the cells of a field say.

    Args:
        cells: As they are in the file; empty ones where it has none.
    """
    if struck := [cell for cell in cells if cell.struck and not cell.empty]:
        return Said().refused(
            DamageKind.STRUCK,
            f"「{_short(struck[0].text)}」が取り消し線で消されています。値を消すか、取り消し線を外してください。",
        )
    if any(cell.kind == "e" for cell in cells):
        wrong = next(cell for cell in cells if cell.kind == "e")
        return Said().refused(
            DamageKind.WRONG_TYPE,
            f"エラー値({_short(wrong.text)})です。値を入力し直してください。",
        )
    if any(cell.formula is not None and not cell.text.strip() for cell in cells):
        return Said().refused(
            DamageKind.FORMULA_TYPED, "数式の結果が保存されていません。値を入力してください。"
        )
    said = _READERS[of.kind](of, cells)
    if typed := [cell for cell in cells if cell.formula is not None]:
        told = f"数式(={_short(typed[0].formula or '')})が入力されています。"
        outside = "[" in (typed[0].formula or "")
        kind = DamageKind.EXTERNAL_LINK if outside else DamageKind.FORMULA_TYPED
        if said.value is not None:
            said.mended(kind, f"{told}計算結果の「{_short(said.value)}」を読みました。")
    return said


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def _says_not_applicable(cell: RawCell) -> bool:
    return cleaned(cell.text) == NOT_APPLICABLE


def _text(of: FormField, cells: Sequence[RawCell]) -> Said:
    text = cleaned(cells[0].text)
    if not text or (of.initial and same_words(text, of.initial) and _PLACEHOLDER.search(text)):
        return Said()
    if len(text) > TEXT:
        return Said().refused(
            DamageKind.TOO_LONG,
            f"{len(text):,}文字あります。{TEXT:,}文字までにしてください。",
        )
    if name := refused_character(text):
        return Said().refused(
            DamageKind.WRONG_TYPE, f"使えない文字「{name}」があります。消してください。"
        )
    return Said(text)


def _number(of: FormField, cells: Sequence[RawCell]) -> Said:
    cell = cells[0]
    text = cleaned(cell.text)
    if not text:
        return Said()
    if cell.kind == "n":
        value = canonical(text)
        if "%" in cell.shown_as and not of.percent:
            percent = canonical(str(float(text) * 100))
            return Said(value).mended(
                DamageKind.UNIT, f"「{percent}%」と入力されています。{value}として読みました。"
            )
        return Said(value)
    if cell.kind == "d":
        return Said().refused(
            DamageKind.WRONG_TYPE,
            f"日付({_short(text)})になっています。セルの書式を標準に戻し、数を入力してください。",
        )
    if of.initial and same_words(text, of.initial) and _PLACEHOLDER.search(text):
        return Said()
    return _number_in_text(of, text)


def _number_in_text(of: FormField, text: str) -> Said:
    found = split_number(text) if len(text) <= 60 else None
    if found is None:
        return Said().refused(
            DamageKind.WRONG_TYPE,
            f"「{_short(text)}」は数として読めません。数だけを入力してください"
            "(ないときは0、当てはまらないときは「該当なし」)。",
        )
    number, unit = found
    if not unit:
        return Said(number).mended(
            DamageKind.TEXT_NUMBER,
            f"「{_short(text)}」が文字で入っています。{number}として読みました。",
        )
    if unit in ("%", "％") and of.percent:
        number = canonical(str(round(float(number) / 100, 12)))
    elif not (same_unit(unit, of.unit) if of.unit else not is_multiple(unit) and unit != "%"):
        wanted = f"この欄の単位は{of.unit}です。" if of.unit else ""
        return Said().refused(
            DamageKind.UNIT,
            f"「{_short(text)}」に単位「{unit}」が付いています。{wanted}数だけを入力してください。",
        )
    return Said(number).mended(
        DamageKind.UNIT, f"「{_short(text)}」に単位が付いています。{number}として読みました。"
    )


def _date(of: FormField, cells: Sequence[RawCell]) -> Said:
    cell = cells[0]
    text = cleaned(cell.text)
    if not text or (of.initial and same_words(text, of.initial)):
        return Said()
    if cell.kind == "d":
        return Said(text[:10])
    if cell.kind == "n":
        return Said().refused(
            DamageKind.WRONG_TYPE,
            f"「{_short(text)}」は日付になっていません。2025/4/1のように入力してください。",
        )
    return _date_in_text(text, text, day=True)


def _date_in_text(written: str, text: str, *, day: bool) -> Said:
    try:
        found = read_date(written)
    except ValueError as error:
        return Said().refused(
            DamageKind.WRONG_TYPE, f"「{_short(text)}」: {str(error).rstrip('。')}。"
        )
    if found.precision is Precision.DAY:
        value = found.first.isoformat() if day else found.first.isoformat()[:7]
    elif found.precision is Precision.MONTH and not day:
        value = found.first.isoformat()[:7]
    else:
        return Said().refused(
            DamageKind.INCOMPLETE, f"「{_short(text)}」に日がありません。日まで書いてください。"
        )
    return Said(value).mended(
        DamageKind.TEXT_DATE, f"「{_short(text)}」が文字で入っています。{value}として読みました。"
    )


def _era_date(of: FormField, cells: Sequence[RawCell]) -> Said:
    cell = cells[0]
    text = cleaned(cell.text)
    day = asks_for_day(of.template)
    if not text or same_words(text, of.template):
        return Said()
    if cell.kind == "d":
        value = text[:10] if day else text[:7]
        return Said(value).mended(
            DamageKind.FIXED_TEXT,
            f"様式の「{_short(of.template)}」が日付に置き換わっています。{value}として読みました。",
        )
    written, same = completed_date(of.template, text[:LONGEST_TEMPLATE])
    if not written:
        return Said().refused(
            DamageKind.INCOMPLETE,
            f"「{_short(text)}」が書きかけです。「令和7年4月1日」のように年月日を書いてください。",
        )
    said = _date_in_text("".join(written.split()), text, day=day)
    if said.value is not None:
        said.told.clear()
        if not same or len(text) > LONGEST_TEMPLATE:
            said.mended(
                DamageKind.TEXT_DATE,
                f"「{_short(text)}」は様式の書き方と違います。{said.value}として読みました。",
            )
    return said


def _choice(of: FormField, cells: Sequence[RawCell]) -> Said:
    text = cleaned(cells[0].text)
    if not text:
        return Said()
    if text in of.options:
        return Said(text)
    if of.initial and same_words(text, of.initial) and _PLACEHOLDER.search(text):
        return Said()
    if not of.options:
        return _text(of, cells)
    like = [each for each in of.options if _folded(each) == _folded(text)]
    if len(like) == 1:
        return Said(like[0]).mended(
            DamageKind.NOT_IN_LIST,
            f"「{_short(text)}」を一覧の「{_short(like[0])}」として読みました。",
        )
    shown = "、".join(of.options[:8]) + ("…" if len(of.options) > 8 else "")
    return Said().refused(
        DamageKind.NOT_IN_LIST,
        f"「{_short(text)}」は一覧にありません。{shown}から選んでください。",
    )


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def _checkbox(of: FormField, cells: Sequence[RawCell]) -> Said:
    if len(cells) == 1 and len(of.options) > 1:
        return _boxes_in_text(of, cleaned(cells[0].text))
    templates = of.template.split("\n") if len(cells) > 1 else [of.template]
    ticked, other = [], []
    for option, cell, template in zip(of.options, cells, templates, strict=True):
        text = cleaned(cell.text)
        states = box_states(text)
        if any(on for on, _ in states):
            ticked.append(option)
            if len(states) > 1 or not same_words(_unboxed(text), _unboxed(template)):
                other.append(text)
        elif text in _ALSO_TICKS or (not states and text == option):
            ticked.append(option)
            other.append(text)
        elif text and not states and not same_words(text, template):
            return Said().refused(
                DamageKind.WRONG_TYPE,
                f"「{_short(text)}」はチェックとして読めません。□を■か☑にしてください。",
            )
    said = Said(SEPARATOR.join(ticked) or None)
    if other:
        said.mended(
            DamageKind.FIXED_TEXT,
            f"□のところが「{_short(other[0])}」になっています。チェックありとだけ読みました。",
        )
    return said


def _unboxed(text: str) -> str:
    return "".join((around_boxes(text), *(words for _, words in box_states(text))))


def _boxes_in_text(of: FormField, text: str) -> Said:
    states = box_states(text)
    if not text or same_words(text, of.template):
        return Said()
    pairs = [*zip(of.options, states, strict=False)]
    if (
        len(states) == len(of.options)
        and all(same_option(option, written) for option, (_, written) in pairs)
        and same_words(around_boxes(text), around_boxes(of.template))
    ):
        for option, (on, written) in pairs:
            if words_in_gap(option, written) and not on:
                return Said().refused(
                    DamageKind.INCOMPLETE,
                    f"「{_short(written)}」に書き込みがありますが、チェックがありません。□を■か☑にしてください。",
                )
        return Said(SEPARATOR.join(_chosen(o, written) for o, (on, written) in pairs if on) or None)
    if states and len(states) < len(of.options) and not around_boxes(text).strip():
        left = [each for each in of.options if any(on and each == word for on, word in states)]
        extra = [word for on, word in states if on and word not in of.options]
        if left and not extra and all(word in of.options for _, word in states):
            return Said(SEPARATOR.join(left)).mended(
                DamageKind.FIXED_TEXT,
                f"選択肢の一部が消えています。「{_short('、'.join(left))}」をチェックありとして読みました。",
            )
    elif not states and text in of.options:
        return Said(text).mended(
            DamageKind.FIXED_TEXT,
            f"□のある文字が「{_short(text)}」に置き換わっています。その選択として読みました。",
        )
    return Said().refused(
        DamageKind.FIXED_TEXT,
        f"「{_short(text)}」は様式の「{_short(of.template)}」と違うため読めません。"
        "様式の文字に戻し、□を■か☑にしてください。",
    )


def _chosen(option: str, written: str) -> str:
    """An option, with what was written between its brackets."""
    return written if words_in_gap(option, written) else option


def _digits(_of: FormField, cells: Sequence[RawCell]) -> Said:
    texts = [unicodedata.normalize("NFKC", cleaned(cell.text)) for cell in cells]
    written = [text for text in texts if text]
    if not written:
        return Said()
    if len(written) == 1 and len(written[0]) > 1:
        whole = written[0].replace(",", "").replace(" ", "")
        if whole.isascii() and whole.isdigit() and len(whole) <= len(cells):
            return Said(whole).mended(
                DamageKind.TEXT_NUMBER,
                f"1マスに「{_short(whole)}」がまとめて入っています。1字ずつとして読みました。",
            )
    if any(len(text) != 1 for text in written):
        shown = "".join(f"[{text}]" for text in texts)
        return Said().refused(
            DamageKind.WRONG_TYPE, f"{_short(shown)}: 1マスに1字ずつ入力してください。"
        )
    first = next(place for place, text in enumerate(texts) if text)
    last = max(place for place, text in enumerate(texts) if text)
    if not all(texts[first : last + 1]):
        shown = "".join(text or "□" for text in texts)
        return Said().refused(
            DamageKind.INCOMPLETE,
            f"「{shown}」の途中のマスが空いています。詰めて入力してください。",
        )
    return Said("".join(written))


def _any(
    reader: Callable[[FormField, Sequence[RawCell]], Said],
) -> Callable[[FormField, Sequence[RawCell]], Said]:
    def read(of: FormField, cells: Sequence[RawCell]) -> Said:
        written = [cell for cell in cells if cell.text.strip()]
        if len(written) == 1 and _says_not_applicable(written[0]):
            return Said(str(NOT_APPLICABLE))
        return reader(of, cells)

    return read


_READERS: Mapping[FieldKind, Callable[[FormField, Sequence[RawCell]], Said]] = {
    FieldKind.TEXT: _any(_text),
    FieldKind.NUMBER: _any(_number),
    FieldKind.YEN: _any(_number),
    FieldKind.DATE: _any(_date),
    FieldKind.CHOICE: _any(_choice),
    FieldKind.ERA_DATE: _any(_era_date),
    FieldKind.CHECKBOX: _any(_checkbox),
    FieldKind.DIGITS: _any(_digits),
}
