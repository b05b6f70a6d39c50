"""受領票 as text: what a municipality keeps of an answer it handed in."""

from __future__ import annotations

from collections.abc import Mapping

from core.exports.file import MADE_UP
from core.inquiry.answer import BLANK_LABEL, Answers
from core.inquiry.composition import Composition
from core.inquiry.kinds.kind import Scope
from core.inquiry.reading import asked, words_of


def receipt_text(
    lines: Mapping[str, str],
    composition: Composition,
    answers: Answers,
    scope: Scope,
    *,
    made_up: bool,
) -> bytes:
    """The receipt and the answers it stands for; UTF-8 with BOM and CRLF, as Windows opens it.

    Args:
        lines: What the receipt says, by name.
        composition: The questions.
        answers: As they were handed in.
    """
    text = [*([MADE_UP, ""] if made_up else []), "受領票", ""]
    text += [f"{name}: {said}" for name, said in lines.items()]
    text += ["", "提出した回答", ""]
    for each in asked(composition, answers):
        said = words_of(each, answers.get(each.key), scope) or BLANK_LABEL
        text += [f"設問{composition.number_of(each.key)} {each.label}", f"  {said}"]
    text += [
        "",
        "この受領票は、照会・回答の画面の「受領を確かめる」に受領番号とSHA-256を入れると確かめられます。",
    ]
    return ("\r\n".join(line.replace("\n", "\r\n  ") for line in text) + "\r\n").encode("utf-8-sig")
