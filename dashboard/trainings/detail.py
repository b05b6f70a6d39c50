"""One training as everybody sees it."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal, Role
from core.training.form import is_web_address
from core.training.training import Material
from core.training.vocabulary import TrainingState, formats_label
from core.views.trainings import SessionCard, TrainingAnswer
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.copied import copied
from dashboard.kit.typed import escaped, paragraphs
from dashboard.kit.widgets import source_text
from dashboard.trainings.listing import draw_corrections
from dashboard.trainings.question import Question
from dashboard.trainings.wording import (
    badges_text,
    moment_text,
    place_words,
    seats_text,
    when_text,
)


def draw_back(question: Question) -> None:
    """The way back to what was asked before."""
    navigation.link("trainings", "研修の一覧へ戻る", "arrow_back", question.of(""))


def draw_training(answer: TrainingAnswer) -> None:
    """What it is, whom it is for, when and where, what was covered."""
    training, content = answer.training, answer.training.content
    if training.state is TrainingState.CANCELLED:
        st.error(
            f"中止になりました。理由: {escaped(training.reason)}", icon=":material/event_busy:"
        )
    elif training.state is not TrainingState.PUBLISHED:
        st.info(f"{training.state.label}です。事務局だけに見えています。", icon=":material/draft:")
    st.markdown(paragraphs(content.purpose))
    facts = facts_of(answer)
    st.markdown("\n".join(f"- **{escaped(name)}** {escaped(text)}" for name, text in facts.items()))
    st.markdown("##### 日程")
    for card in answer.cards:
        _draw_session(answer, card)
    if content.covered:
        st.markdown("##### 実施内容")
        st.markdown(paragraphs(content.covered))
    if content.materials:
        st.markdown("##### 資料")
        for material in content.materials:
            _draw_material(material)
    source = f"出典: {source_text(training.source)}・" if training.source else ""
    st.caption(f"{escaped(source)}公表されていない時刻・会場・申込締切は「不明」としています。")
    for card in answer.cards[:1]:
        draw_corrections(card)


_NOT_SAID = {"対象": "記載なし(全{towns}とは限りません)"}


def facts_of(answer: TrainingAnswer) -> dict[str, str]:
    """The lines beside the text; what nobody said is said to be unknown."""
    content = answer.training.content
    facts = {"種別": content.kind.value} | content.described(answer.theme)
    if answer.audience_names:
        facts["対象"] += f": {'、'.join(answer.audience_names)}"
    facts["申込締切"] = answer.training.deadline_words
    if seats := content.seats_per_municipality:
        facts["1団体の人数"] = f"1日程あたり{seats}人まで"
    towns = context.names().towns
    return {
        name: text or _NOT_SAID.get(name, "不明").format(towns=towns)
        for name, text in facts.items()
    }


def _draw_session(answer: TrainingAnswer, card: SessionCard) -> None:
    line, now = card.line, context.now()
    with st.container(border=True, gap="small"):
        when = when_text(line.session, off=line.cancelled)
        st.markdown(f"{when} {badges_text(card, now)}")
        words = [
            f"形式 {escaped(formats_label(line.session.formats))}",
            f"会場 {escaped(place_words(line.session))}",
            *([] if line.cancelled else [seats_text(card.seats)]),
        ]
        if line.accepts(now):
            words.append(f"申込・変更・取消しは{moment_text(line.closes_at)}まで")
        st.caption("・".join(words))
        address = answer.training.held(line.session_id).joining_address
        if address and not line.cancelled:
            copied(address, "オンラインの参加用アドレス(参加が確定した団体だけに表示)")


def _draw_material(material: Material) -> None:
    label = escaped(material.label)
    if material.url and is_web_address(material.url):
        st.link_button(label, material.url, icon=":material/open_in_new:")
        st.caption(f"{escaped(material.url)} 別のサイトが開きます。")
    else:
        st.markdown(f"**{label}**")
    if material.text:
        st.markdown(paragraphs(material.text))


def draw_sign_in_hint(principal: Principal, answer: TrainingAnswer) -> None:
    """Whoever is not signed in learns how to enrol."""
    open_ones = [card for card in answer.cards if card.line.accepts(context.now())]
    if principal.role is Role.PUBLIC and open_ones:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown("申込みは市町村職員のアカウントで行います。")
            navigation.link("sign_in", "サインインへ進む", "login")
