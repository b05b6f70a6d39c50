"""書類の様式: the secretariat's own templates of the papers, one at a time; until then ours."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands.subsidy_templates import discard_template, keep_template
from core.consultation.attachment import OfferedFile
from core.exports.documents.paper import example_file
from core.exports.documents.plain import plain_name, plain_template
from core.exports.file import file_name
from core.store.subsidy_templates import KeptTemplate
from core.subsidy.document import MAX_TEMPLATE, REQUIRED, DocumentKind
from core.values.fiscal import day_in_japan, era_date
from core.views.subsidy_papers import (
    Template,
    TemplatesAnswer,
    template_content_view,
    templates_view,
)
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.confirm import confirm
from dashboard.kit.form import Place
from dashboard.kit.rows import row
from dashboard.kit.submit import as_shown, download, request_id, submit
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.support.templates.writing import draw_writing

FORM = "subsidy_template.keep"


def draw(principal: Principal) -> None:
    """All papers with what they are made with, then one of them: its template, another, how to write."""
    st.caption(
        "補助金の書類は、登録したWord・Excelの様式に値を入れて作ります。"
        "登録がない書類は「参考様式」と書いた様式で作ります。"
    )
    found = _asked(principal)
    if not found.programme:
        widgets.empty_state(
            "補助事業がありません。「カタログ」の「年度のカタログ」で登録すると、様式を登録できます。"
        )
        return
    if len(found.names) > 1:
        chosen = choose(
            st.selectbox, "補助事業", found.names, found.programme, key="subsidy_template.programme"
        )
        if chosen != found.programme:
            found = _asked(principal)
    used, names = [found.used.get(kind) for kind in DocumentKind], context.names()
    table(
        {
            "書類": [f"{kind.place:02} {kind.label}" for kind in DocumentKind],
            "作る側": [
                names.towns if kind.municipal else names.prefecture for kind in DocumentKind
            ],
            "手続": [kind.step.label for kind in DocumentKind],
            "使う様式": [each.name if each else "参考様式" for each in used],
            "登録": [_recorded(each) if each else "" for each in used],
        },
        "書類と、使う様式",
    )
    kind = choose(
        st.selectbox,
        "様式を登録・確認する書類",
        DocumentKind,
        DocumentKind.APPLICATION.value,
        key="subsidy_template.kind",
    )
    _draw_used(found, kind)
    _draw_field(found, kind)
    draw_writing(kind)
    _draw_versions(found, kind)


def _asked(principal: Principal) -> TemplatesAnswer:
    programme = str(st.session_state.get("subsidy_template.programme") or "")
    return context.answer(templates_view, principal, programme=programme, as_of=context.today())


def _recorded(template: KeptTemplate) -> str:
    return f"{era_date(day_in_japan(template.recorded_at))} {shown_name(template.recorded_by)}"


def _draw_used(found: TemplatesAnswer, kind: DocumentKind) -> None:
    template = found.used.get(kind)
    with row(f"subsidy-template-{kind.value}"):
        if template is None:
            st.markdown(f"**{kind.label}**は**参考様式**で作ります。")
        else:
            st.markdown(f"**{kind.label}**は「**{escaped(template.name)}**」で作ります。")
            marks = "、".join(mark.label for mark in template.marks)
            st.caption(escaped(f"入る項目({len(template.marks)}): {marks}。"))
        with st.container(horizontal=True, vertical_alignment="center"):
            _draw_files(kind, template)
            if template is not None:
                confirm(
                    "様式を使うのをやめる",
                    f"{kind.label}は、これから参考様式で作られます。「{escaped(template.name)}」の"
                    "記録は残り、下の「これまでの様式」から受け取れます。",
                    partial(
                        discard_template,
                        programme=found.programme,
                        kind=kind,
                        seen_template=as_shown(
                            f"subsidy_template.{found.programme}.{kind.value}",
                            template.template_id,
                        ),
                    ),
                    key=template.template_id,
                    form="subsidy_template.discard",
                    done=f"「{template.name}」を使うのをやめました。{kind.label}は参考様式で作ります。",
                    icon="delete",
                )


def _draw_files(kind: DocumentKind, template: KeptTemplate | None) -> None:
    key = f"subsidy_template.file.{kind.value}"
    if template is not None:
        download(
            "この様式",
            partial(_content, template.template_id),
            template.name,
            key=f"{key}.{template.template_id}",
        )
    download(
        "参考様式(書き始めに)",
        lambda _who: plain_template(kind),
        plain_name(kind),
        key=f"{key}.plain",
    )
    suffix = template.suffix if template else kind.suffix
    download(
        "値の例を入れたもの",
        partial(_example, kind, template),
        file_name(kind.label, "値の例", suffix=suffix, made_up=True),
        key=f"{key}.example",
    )


def _content(template_id: int, who: Principal) -> bytes:
    return template_content_view(context.engine(), who, template_id=template_id)


def _example(kind: DocumentKind, template: KeptTemplate | None, who: Principal) -> bytes:
    if template is None:
        return example_file(kind, None)
    content = _content(template.template_id, who)
    return example_file(kind, Template(template.suffix, content))


def _draw_field(found: TemplatesAnswer, kind: DocumentKind) -> None:
    form = f"{FORM}.{kind.value}"
    chosen = choose_file(
        f"{kind.label}の様式(Word .docx / Excel .xlsx)",
        type=["docx", "xlsx"],
        max_upload_size=MAX_TEMPLATE // 1024 // 1024,
        key=f"{form}.file.{request_id(form)}",
        help="必ず入れる項目: "
        + "、".join(f"{{{{{mark.label}}}}}" for mark in REQUIRED[kind])
        + "。マクロ、外部へのリンク、埋め込みのあるファイルは使えません。",
    )
    place = Place(f"{form}.file", chosen.name if chosen else "")
    label = "この様式に差し替える" if kind in found.used else "この様式を登録する"
    if st.button(
        label,
        type="primary",
        disabled=chosen is None,
        key=f"{form}.send",
        icon=":material/upload_file:",
    ):
        submit(
            form,
            partial(
                keep_template,
                programme=found.programme,
                kind=kind,
                file=OfferedFile(chosen.name, chosen.getvalue()),
            ),
            f"「{chosen.name}」を登録しました。これからの{kind.label}はこの様式で作ります。"
            "「値の例を入れたもの」で仕上がりを確かめてください。",
            places={"file": place},
        )
    answer(form)


def _draw_versions(found: TemplatesAnswer, kind: DocumentKind) -> None:
    versions = [each for each in found.versions if each.kind is kind]
    if not versions:
        return
    with st.expander("これまでの様式", icon=":material/history:"):
        table(
            {
                "登録": [_recorded(each) for each in versions],
                "ファイル": [each.name for each in versions],
                "状態": [_state(found, each) for each in versions],
            },
            f"{kind.label}のこれまでの様式(新しい順)",
        )
        names = {
            each.template_id: f"{_recorded(each)} {each.name}" for each in versions if each.marks
        }
        number = choose(
            st.selectbox, "受け取る様式", names, key=f"subsidy_template.version.{kind.value}"
        )
        if number is not None:
            name = next(each.name for each in versions if each.template_id == number)
            download(
                "選んだ様式",
                partial(_content, int(number)),
                name,
                key=f"subsidy_template.version.{kind.value}.{number}",
            )


def _state(found: TemplatesAnswer, template: KeptTemplate) -> str:
    used = found.used.get(template.kind)
    if used is not None and used.template_id == template.template_id:
        return template.state.label
    return "差し替え済" if template.marks else template.state.label
