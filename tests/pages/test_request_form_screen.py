"""予算要求の様式 on わがまち: sent once, refused with the place, replaced, no longer used."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from core.access.principal import Principal, Role
from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports.request_form import budget_form_values, request_form_workbook
from core.values.errors import ConflictError
from dashboard import context
from dashboard.kit.papers import kept_form, own_form
from tests.support.reference import REFERENCE
from tests.support.request_forms import a_form
from tests.support.screens import Screens, as_read, shown_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICER = Principal("tanto-271403", "担当", Role.OFFICER, "271403")


def send(app: AppTest, content: bytes, name: str = "様式第1号.xlsx") -> None:
    app.file_uploader[0].upload(name, content, XLSX).run()
    app.button("request_form.send").click().run()
    assert not app.exception


def said(app: AppTest) -> str:
    return as_read(shown_text(app)).replace("\\", "")


def test_a_form_is_told_what_is_wrong_then_kept_filled_and_put_away(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("officer"), "our_municipality")
    assert app.button("request_form.send").disabled
    assert kept_form(OFFICER) is None
    send(app, a_form({"D20": "{{要求がく}}"}))
    assert "シート「様式 1」のD20: 「{{要求がく}}」という項目はありません。" in said(app)
    assert kept_form(OFFICER) is None

    send(app, a_form())
    assert "「様式第1号.xlsx」を登録しました。" in said(app)
    assert "8か所に入ります" in said(app)
    assert "様式に場所のない項目: 作成日" in said(app)
    form = kept_form(OFFICER)
    assert form is not None
    content, places = own_form(OFFICER, form.lg_code)
    found = estimate(
        EstimateRequest(2027, (PlanChoice(6, 12),)),
        REFERENCE.plan_offers,
        REFERENCE.parameters,
    )
    values = budget_form_values(
        found, reference=REFERENCE, municipality="堺市", made_on=context.today(), link="x",
        made_up=False,
    )  # fmt: skip
    filled = request_form_workbook(content, places, values, made_up=False)
    assert load_workbook(io.BytesIO(filled))["様式 1"]["B6"].value == 1200

    send(app, a_form({"D21": "{{後年度負担}}"}), "様式第2号.xlsx")
    assert "9か所に入ります" in said(app)
    replaced = kept_form(OFFICER)
    assert replaced is not None
    assert replaced.name == "様式第2号.xlsx"

    opener = f"request_form.discard.{replaced.form_id}.open"
    app.button(opener).click().run()
    asked = as_read("".join(words.value for words in app.markdown))
    assert "「様式第2号.xlsx」には入れられなくなります" in asked
    app.button("request_form.discard").click().run()
    assert kept_form(OFFICER) is None
    with pytest.raises(ConflictError, match="登録されていません"):
        own_form(OFFICER, "271403")


def test_nobody_elses_form_is_in_reach(screens_on: Callable[[str], Screens]) -> None:
    screens_on("empty")
    for role in (Role.VIEWER, Role.SECRETARIAT, Role.PUBLIC):
        assert kept_form(Principal("x", "x", role)) is None
