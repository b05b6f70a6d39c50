"""Which municipality a form is of: by code and name in its cells, else in the name of the file.

Never guessed in silence: where two are meant, or none, nobody is named and the reason is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.inquiry.form.answer import FormValues
from core.inquiry.form.damage import FormReading
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from core.values.label import Labelled
from core.values.municipality import Municipality


class Confidence(Labelled):
    """団体の見分け."""

    CERTAIN = "certain", "記入欄の団体コードか団体名のとおり"
    LIKELY = "likely", "ファイルの中の言葉かファイル名から"
    TWO = "two", "2つ以上の団体に当てはまります"
    NONE = "none", "手がかりがありません"


@dataclass(frozen=True)
class Recognition:
    """Which municipality a file is of.

    Attributes:
        lg_code: None where it is not certain enough to be put before somebody.
        candidates: 団体コード of all that are named, the likeliest first.
        said: Why, in one sentence.
    """

    lg_code: str | None
    confidence: Confidence
    candidates: tuple[str, ...]
    said: str


_NAME_LABEL = re.compile(r"(?:団体|市町村|自治体|市区町村|地方公共団体)名|^(?:市町村|団体|自治体)$")
_CODE_LABEL = re.compile(r"(?:団体|市町村|自治体|市区町村|地方公共団体)(?:番号)?コード|^コード$")
_OTHER_NAME = re.compile(r"担当|部署|課|氏名|記入者")


def identity_fields(layout: FormLayout) -> tuple[FormField | None, FormField | None]:
    """The fields for 団体コード and 団体名; None where the form has none."""
    code = next((f for f in layout.fields if _CODE_LABEL.search(f.label)), None)
    name = next(
        (
            f
            for f in layout.fields
            if f is not code and _NAME_LABEL.search(f.label) and not _OTHER_NAME.search(f.label)
        ),
        None,
    )
    return code, name


def given_values(
    layout: FormLayout, lg_code: str, name: str, last_year: FormValues | None = None
) -> dict[str, str]:
    """What a municipality's form is handed out with: its code and name, and last year's values.

    Values of fields that the form no longer has are left out, as are choices it no longer offers.
    """
    given = {
        key: value
        for key, value in (last_year or {}).items()
        if (field := layout.by_key.get(key)) is not None and _still_offered(field, value)
    }
    code_field, name_field = identity_fields(layout)
    if code_field is not None:
        room = len(code_field.cells) if code_field.kind is FieldKind.DIGITS else len(lg_code)
        given[code_field.key] = lg_code[:room] if room in (5, 6) else lg_code
    if name_field is not None:
        given[name_field.key] = name
    return given


def _still_offered(field: FormField, value: str) -> bool:
    return field.kind is not FieldKind.CHOICE or not field.options or value in field.options


def recognised(
    layout: FormLayout,
    reading: FormReading,
    file_name: str,
    municipalities: Sequence[Municipality],
) -> Recognition:
    """Which of the municipalities a file that came back is of.

    Args:
        file_name: As the sender had it; asked only where the cells name nobody, and said where it
            names another one.
    """
    known = {each.lg_code: each for each in municipalities}
    in_fields = named_in_fields(layout, reading.values, municipalities)
    in_words = _named(reading.words, known, short=False)
    in_name = _named([file_name], known)
    if len(in_fields) == 1:
        (code,) = in_fields
        others = [each for each in in_name if each != code]
        if others and code not in in_name:
            return _two(known, [code, *others], "記入欄とファイル名が別の団体を指しています")
        return Recognition(
            code, Confidence.CERTAIN, (code,), f"記入欄に{known[code].name}とあります。"
        )
    if len(in_fields) > 1:
        return _two(known, in_fields, "記入欄の団体コードと団体名が別の団体を指しています")
    for found, where in ((in_words, "ファイルの中"), (in_name, "ファイル名")):
        if len(found) == 1:
            (code,) = found
            others = [each for each in in_name if each != code]
            if others:
                return _two(
                    known, [code, *others], "ファイルの中とファイル名が別の団体を指しています"
                )
            return Recognition(
                code,
                Confidence.LIKELY,
                (code,),
                f"{where}に{known[code].name}とあります。確かめてください。",
            )
        if len(found) > 1:
            both = [each for each in found if each in in_name]
            if found is in_words and len(in_name) == 1 and both:
                return Recognition(
                    both[0], Confidence.LIKELY, (both[0], *(c for c in found if c != both[0])),
                    f"ファイル名に{known[both[0]].name}とあります。ほかの団体の名前も中にあります。確かめてください。",
                )  # fmt: skip
            return _two(known, found, f"{where}に2つ以上の団体の名前があります")
    return Recognition(
        None,
        Confidence.NONE,
        (),
        "どの団体のものか、中身にもファイル名にも手がかりがありません。団体を選んでください。",
    )


def named_in_fields(
    layout: FormLayout, values: FormValues, municipalities: Sequence[Municipality]
) -> tuple[str, ...]:
    """団体コード of all that the fields for code and name speak of; free text is not asked."""
    texts = [values[each.key] for each in identity_fields(layout) if each and each.key in values]
    return tuple(_named(texts, {each.lg_code: each for each in municipalities}))


def _two(known: Mapping[str, Municipality], codes: Iterable[str], why: str) -> Recognition:
    every = tuple(dict.fromkeys(codes))
    names = "、".join(known[code].name for code in every[:5])
    return Recognition(None, Confidence.TWO, every, f"{why}({names})。団体を選んでください。")


def _named(
    texts: Iterable[str], known: Mapping[str, Municipality], *, short: bool = True
) -> list[str]:
    """Codes of the municipalities that texts name, in the order they are met.

    Args:
        short: Whether five digits are a code; among amounts they are not.
    """
    by_name = {_plain(each.name): code for code, each in known.items()}
    of_five = {code[:5]: code for code in known} if short else {}
    names = re.compile("|".join(sorted(map(re.escape, by_name), key=len, reverse=True)) or "(?!)")
    found: dict[str, None] = {}
    for text in texts:
        plain = _plain(text)
        for digits in re.findall(r"(?<!\d)\d{5,6}(?!\d)", plain):
            code = digits if digits in known else of_five.get(digits, "")
            if code:
                found.setdefault(code)
        for name in names.findall(
            plain
        ):  # the longest at each place: one name may begin or end with another
            found.setdefault(by_name[name])
    return [*found]


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
