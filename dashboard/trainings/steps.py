"""公開・中止・破棄・複製: what becomes of a training; and its history."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.access.principal import Principal
from core.commands.trainings import (
    cancel_training,
    copy_training,
    discard_training,
    publish_training,
)
from core.training.training import Training
from core.training.vocabulary import TrainingState
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN, FiscalYear
from dashboard import context
from dashboard.kit import widgets
from dashboard.trainings.asked import open_training


def draw_steps(principal: Principal, training: Training) -> None:
    """The steps its state allows, each behind a question."""
    key = f"step.{training.training_id}.{training.version}"
    with st.container(horizontal=True):
        if training.state is TrainingState.DRAFT:
            with st.popover("公開する", icon=":material/publish:", key=f"{key}.publishing"):
                _draw_publish(principal, training, f"{key}.publish")
            with st.popover("破棄する", icon=":material/delete:", key=f"{key}.discarding"):
                _draw_discard(principal, training, f"{key}.discard")
        if training.state is TrainingState.PUBLISHED:
            with st.popover("中止する", icon=":material/event_busy:", key=f"{key}.cancelling"):
                _draw_cancel(principal, training, f"{key}.cancel")
        with st.popover("複製する", icon=":material/content_copy:", key=f"{key}.copying"):
            _draw_copy(principal, training, f"{key}.copy")


def _draw_publish(principal: Principal, training: Training, key: str) -> None:
    st.markdown(
        "誰でも見られるようになり、申込みの受付が始まります。公開した日程は削除できません。"
    )
    if st.button("公開する", type="primary", key=key):
        _attempt(
            lambda: publish_training(
                context.engine(),
                principal,
                training_id=training.training_id,
                seen_version=training.version,
                now=context.now(),
            ),
            f"「{training.content.title}」を公開しました。",
        )


def _draw_discard(principal: Principal, training: Training, key: str) -> None:
    st.markdown("下書きを一覧から外します。記録は監査のため残ります。")

    def discard() -> None:
        discard_training(
            context.engine(),
            principal,
            training_id=training.training_id,
            seen_version=training.version,
            now=context.now(),
        )
        open_training("")

    if st.button("破棄する", type="primary", key=key):
        _attempt(discard, f"下書き「{training.content.title}」を破棄しました。")


def _draw_cancel(principal: Principal, training: Training, key: str) -> None:
    st.markdown("研修全体を中止します。一覧とカレンダーには、中止として理由とともに残ります。")
    reason = st.text_input("中止の理由", key=f"{key}.reason")
    if st.button("中止にする", type="primary", key=key):
        _attempt(
            lambda: cancel_training(
                context.engine(),
                principal,
                training_id=training.training_id,
                reason=reason,
                seen_version=training.version,
                now=context.now(),
            ),
            f"「{training.content.title}」を中止にしました。",
        )


def _draw_copy(principal: Principal, training: Training, key: str) -> None:
    st.markdown(
        "別の年度の下書きを作ります。日程は同じ曜日に移し、申込・参加用アドレス・実施内容は写しません。"
    )
    first = training.content.sessions[0].fiscal_year
    years = [int(first) + step for step in range(6)]
    this = int(context.this_fiscal_year())
    year = st.selectbox(
        "複製先の年度",
        years,
        index=years.index(this) if this in years else 1,
        format_func=lambda value: FiscalYear(value).full_label,
        key=f"{key}.year",
    )
    form = f"copy.{training.training_id}"

    def copy() -> None:
        made = copy_training(
            context.engine(),
            principal,
            training_id=training.training_id,
            fiscal_year=year,
            request_id=widgets.request_id(form),
            now=context.now(),
        )
        widgets.request_done(form)
        open_training(made)

    if st.button("下書きを作る", type="primary", key=key):
        _attempt(
            copy,
            f"{FiscalYear(year).full_label}の下書きを作りました。日程と内容を確かめてください。",
        )


def _attempt(command: Callable[[], None], done: str) -> None:
    try:
        command()
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        widgets.notice_later(done)
        st.rerun()


def draw_history(history: tuple[Training, ...]) -> None:
    """Every version, newest first."""
    st.dataframe(
        pd.DataFrame(
            {
                "版": [each.version for each in reversed(history)],
                "日時": [
                    f"{each.recorded_at.astimezone(JAPAN):%Y-%m-%d %H:%M}"
                    for each in reversed(history)
                ],
                "記録した人": [each.recorded_by for each in reversed(history)],
                "状態": [each.state.label for each in reversed(history)],
                "題名": [each.content.title for each in reversed(history)],
                "日程": [
                    "、".join(s.date.isoformat() for s in each.content.sessions)
                    for each in reversed(history)
                ],
                "理由": [each.reason for each in reversed(history)],
            }
        ),
        hide_index=True,
        alt="版の履歴",
    )
