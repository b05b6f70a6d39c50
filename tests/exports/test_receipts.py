"""受領票: one A4 page that says the receipt whole, and of the answers how many it could not hold."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from core.exports.receipt import receipt_pdf
from core.inquiry.composition import Composition
from core.inquiry.kinds.kind import Scope
from core.inquiry.question import Question
from tests.support.reference import REFERENCE
from tests.support.screens import TODAY, japan_now

LINES = {
    "受領番号": "12345",
    "照会": "R8-照会001 DX人材の状況",
    "回答した団体": "堺市",
    "受け付けた時刻": "2026-11-26 10:00:00(日本時間)、データベースの時計",
    "SHA-256": "0123456789abcdef" * 4,
}


def paper(many: int, said: str) -> str:
    questions = tuple(Question(f"q{n}", "text", f"困っていること その{n}") for n in range(many))
    answers = {each.key: said for each in questions}
    composition = Composition("状況", 2026, japan_now(), japan_now(), questions=questions)
    body = receipt_pdf(LINES, composition, answers, Scope(REFERENCE), TODAY, made_up=False)
    (page,) = PdfReader(io.BytesIO(body)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    text = page.extract_text()
    assert all(each in text.replace("\n", "") for each in LINES.values())
    assert "受領を確かめる" in text
    return text


def test_a_receipt_of_few_answers_says_all_of_them() -> None:
    text = paper(3, "応募がない")
    assert text.count("応募がない") == 3
    assert "この紙に入らない" not in text


@pytest.mark.parametrize(
    "said",
    ["あ" * 2000, "一\n" * 300, "A" * 900, "=1+1 **x** 𠮷😀 <b>" * 90],
    ids=["long", "lines", "run", "hostile"],
)
def test_a_receipt_of_many_long_answers_stays_one_page_and_says_what_is_left_out(said: str) -> None:
    text = paper(50, said)
    shown = text.count("困っていること その")
    assert 5 < shown < 50
    assert f"ほか{50 - shown}問はこの紙に入らない" in text
