"""書類の様式: sent by the secretariat, refused with the place, replaced, put away; papers of a case."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.exports.documents.letter import Letter
from core.subsidy.document import DocumentKind
from tests.support.screens import Screens, as_read, shown_text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORM = "subsidy_template.keep.application"


def a_template(*lines: str) -> bytes:
    made = Letter()
    for each in ("{{団体名}}", "金{{交付申請額}}", *lines):
        made.line(each)
    return made.finished()


def send(app: AppTest, content: bytes, name: str = "交付申請.docx") -> None:
    app.file_uploader[0].upload(name, content, DOCX).run()
    app.button(f"{FORM}.send").click().run()
    assert not app.exception


def said(app: AppTest) -> str:
    return as_read(shown_text(app)).replace("\\", "").replace("**", "")


def test_a_template_is_told_what_is_wrong_then_kept_replaced_and_put_away(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "support", "tab=書類の様式")
    assert "交付申請書は参考様式で作ります。" in said(app)
    assert app.button(f"{FORM}.send").disabled
    send(app, a_template("{{交付申請がく}}", "{% include 'x' %}"))
    told = said(app)
    assert "本文の3段落目: 「{{交付申請がく}}」という項目はありません" in told
    assert "「{{交付申請額}}」ではありませんか。" in told
    assert "本文の4段落目" in told

    send(app, a_template())
    assert "「交付申請.docx」を登録しました。" in said(app)
    assert "入る項目(2): 団体名、交付申請額。" in said(app)
    send(app, a_template("{{年度}}"), "<b>新しい様式.docx")
    assert "入る項目(3)" in said(app)
    assert "新しい様式.docx" in said(app)

    app.button("subsidy_template.discard.2.open").click().run()
    app.button("subsidy_template.discard").click().run()
    assert not app.exception
    assert "を使うのをやめました。交付申請書は参考様式で作ります。" in said(app)
    states = [text for text in ("使用をやめた", "差し替え済") if text in said(app)]
    assert states == ["使用をやめた", "差し替え済"]


def test_the_list_of_what_may_be_written_is_that_of_the_paper(
    screens_on: Callable[[str], Screens],
) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("secretariat"), "support", "tab=書類の様式")
    assert "{{確定額}}" not in said(app)
    app.selectbox("subsidy_template.kind").select(DocumentKind.FINAL.value).run()
    assert not app.exception
    assert "{{確定額}}" in said(app)


def test_an_officer_has_no_such_tab(screens_on: Callable[[str], Screens]) -> None:
    screens = screens_on("empty")
    app = screens.open(screens.signed_in("officer"), "support", "tab=書類の様式")
    assert not app.file_uploader
    assert "リンクのタブ「書類の様式」はありません。" in said(app)
