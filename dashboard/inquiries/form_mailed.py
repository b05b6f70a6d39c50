"""メールで届いた様式: dropped in together, told apart, confirmed by eye, recorded one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.forms import MailedForm, RecordedForm, record_forms
from core.consultation.attachment import MAX_BYTES, OfferedFile
from core.imports.form.reading import read_forms
from core.inquiry.form.damage import FormReading
from core.inquiry.form.recognise import Confidence, recognised
from core.inquiry.response import NOTE
from core.inquiry.round import InquiryState
from core.reference.pack import Reference
from core.store.inquiries import Clock
from core.values.errors import InvalidInputError
from core.views.forms import FormAnswers
from core.views.inquiries import InquiryAnswer
from dashboard import context
from dashboard.inquiries.form_confirming import Come, draw_confirming
from dashboard.kit import written
from dashboard.kit.answer import answer, forget
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.confirm import confirm
from dashboard.kit.sight import problem_mark
from dashboard.kit.submit import as_shown, request_id
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import show_refusal

_MEGABYTE = 1024 * 1024
_MOST = 100
"""Files that are read together."""
_AT_ONCE = 8
"""Files between two steps of the bar."""


def draw(principal: Principal, found: InquiryAnswer, answers: FormAnswers, *, key: str) -> None:  # noqa: ARG001
    """Choosing, reading, confirming, recording, and what became of each."""
    st.markdown("**メールなどで届いた様式をまとめて取り込む**")
    before = st.container()
    if found.state in (InquiryState.WITHDRAWN, InquiryState.ANNOUNCED):
        st.caption(f"「{escaped(found.state.label)}」の照会には記録できません。")
        return
    field = f"{key}.files.{request_id(f'{key}.record')}"
    chosen: Sequence[Any] = choose_file(
        f"届いたExcelブック({_MOST}個まで、1個{MAX_BYTES // _MEGABYTE}MBまで)",
        key=field,
        type=["xlsx", "xlsm", "xls", "csv"],
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // _MEGABYTE,
        help="団体は、様式の団体コード・団体名、なければファイル名から見分けます。1つずつ確かめてから記録します。",
    )
    if st.button(
        f"{len(chosen)}個のファイルを読み取る" if chosen else "ファイルを読み取る",
        icon=":material/fact_check:",
        disabled=not chosen,
        key=f"{key}.read",
    ):
        _read(answers, chosen, key)
    held = st.session_state.get(f"{key}.held")
    files = [each.file_id for each in chosen]
    if not held or not chosen:
        with before:  # with files at hand, the button that records them has the answer
            answer(f"{key}.record")
            _draw_results(key)
        return
    if held["files"] != files:
        st.info("選んだファイルが変わりました。もう一度「読み取る」を押してください。")
        return
    times = held["times"]
    rows = (each.lg_code for each in answers.rows)
    shown = {code: as_shown(f"{key}.{times}.{code}", answers.seen.get(code, 0)) for code in rows}
    come = [_come(n, each) for n, each in enumerate(held["read"])]
    picked, ready = draw_confirming(come, answers, f"{key}.{times}")
    _draw_record(picked, found, answers, chosen, key, shown, ready=ready)


# ── reading ───────────────────────────────────────────────────────────────────────────────────


def _read(answers: FormAnswers, chosen: Sequence[Any], key: str) -> None:
    if len(chosen) > _MOST:
        with problem_mark():
            st.error(
                f"一度に読み取れるのは{_MOST}個までです(いま{len(chosen)}個)。分けてください。"
            )
        return
    towns = context.reference().ever
    asked = [towns[row.lg_code] for row in answers.rows]
    bar, read = st.progress(0.0, "読み取っています"), []
    try:
        for first in range(0, len(chosen), _AT_ONCE):
            batch = chosen[first : first + _AT_ONCE]
            bar.progress(first / len(chosen), f"{first}/{len(chosen)}個を読み取りました")
            readings = read_forms(answers.layout, [each.getvalue() for each in batch])
            for file, reading in zip(batch, readings, strict=True):
                whose = recognised(answers.layout, reading, file.name, asked)
                read.append(
                    {
                        "name": file.name,
                        "reading": reading.as_json(),
                        "lg_code": whose.lg_code,
                        "certain": whose.confidence is Confidence.CERTAIN,
                        "said": whose.said,
                    }
                )
    except InvalidInputError as error:
        bar.empty()
        with problem_mark():
            show_refusal(error)
        return
    bar.empty()
    before = st.session_state.get(f"{key}.held") or {"times": 0}
    st.session_state[f"{key}.held"] = {
        "files": [each.file_id for each in chosen],
        "read": read,
        "times": before["times"] + 1,
    }
    st.session_state.pop(f"{key}.results", None)
    forget(f"{key}.record")


def _come(number: int, held: Mapping[str, Any]) -> Come:
    reading = FormReading.of_plain(held["reading"])
    return Come(number, held["name"], reading, held["lg_code"], held["certain"], held["said"])


# ── recording ─────────────────────────────────────────────────────────────────────────────────


def _draw_record(
    picked: Mapping[int, str],
    found: InquiryAnswer,
    answers: FormAnswers,
    chosen: Sequence[Any],
    key: str,
    shown: Mapping[str, int],
    *,
    ready: bool,
) -> None:
    forms = [
        MailedForm(code, OfferedFile(chosen[n].name, chosen[n].getvalue()), shown[code])
        for n, code in picked.items()
    ]
    note = f"{key}.note.{request_id(f'{key}.record')}"
    written.text(
        "備考(届き方など)", key=note, longest=NOTE.longest, placeholder="例: 12月1日にメールで受領"
    )

    def record(
        engine: Engine,
        principal: Principal,
        *,
        reference: Reference,
        clock: Clock,
        request_id: str,
        now: datetime,
    ) -> tuple[RecordedForm, ...]:
        with st.spinner(f"{len(forms)}団体の様式を記録しています…"):
            return record_forms(
                engine,
                principal,
                inquiry_id=found.inquiry.inquiry_id,
                question=answers.question.key,
                forms=forms,
                note=str(st.session_state.get(note) or ""),
                reference=reference,
                clock=clock,
                batch=request_id,
                now=now,
            )

    names = "、".join(each.name for each in answers.rows if each.lg_code in picked.values())
    confirm(
        "印を付けた様式を記録する",
        escaped(f"{len(forms)}団体の様式を、メールで届いた回答として記録します: {names}"),
        record,
        key=len(forms),
        form=f"{key}.record",
        done=partial(_recorded, key, [chosen[n].name for n in picked]),
        danger=False,
        go=f"{len(forms)}団体を記録する",
        icon="inbox",
        ready=ready,
        type="primary",
    )


def _recorded(key: str, names: Sequence[str], results: Sequence[RecordedForm]) -> str:
    st.session_state[f"{key}.results"] = [
        [each.lg_code, name, each.receipt.number if each.receipt else 0, each.problem]
        for each, name in zip(results, names, strict=True)
    ]
    st.session_state.pop(f"{key}.held", None)
    done = sum(each.receipt is not None for each in results)
    failed = len(results) - done
    said = f"{done}団体の様式を記録しました。"
    return said + (f"{failed}団体は記録できませんでした。下の表を見てください。" if failed else "")


def _draw_results(key: str) -> None:
    results = st.session_state.get(f"{key}.results")
    if not results:
        return
    towns = context.reference().ever
    results = sorted(results, key=lambda each: bool(each[2]))  # what is left to do comes first
    columns = {
        "団体": [towns[code].name for code, *_ in results],
        "ファイル": [name for _, name, *_ in results],
        "結果": [
            f"受領番号 {number}" if number else "記録していません" for *_, number, _ in results
        ],
    }
    if any(problem for *_, problem in results):
        columns["理由"] = [problem for *_, problem in results]
    table(columns, "記録した結果")
