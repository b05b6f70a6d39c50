"""メールで届いた様式: dropped in together, told apart, confirmed by eye, recorded one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.forms import MailedForm, RecordedForm, record_forms
from core.consultation.attachment import MAX_BYTES, OfferedFile
from core.imports.form.reading import read_forms
from core.inquiry.form.answer import FormRow, row_changes
from core.inquiry.form.damage import FormReading
from core.inquiry.form.recognise import Confidence, named_in_fields, recognised
from core.inquiry.response import NOTE
from core.inquiry.round import InquiryState
from core.reference.pack import Reference
from core.store.inquiries import Clock
from core.values.errors import InvalidInputError
from core.values.label import Labelled
from core.views.forms import FormAnswers
from core.views.inquiries import InquiryAnswer
from dashboard import context
from dashboard.inquiries.form_changes import draw_change
from dashboard.inquiries.form_damages import damages_said, draw_damages
from dashboard.kit import written
from dashboard.kit.answer import answer, forget
from dashboard.kit.choice import choose
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.confirm import confirm
from dashboard.kit.rows import row
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
_WORDS_WIDTH = 380


@dataclass(frozen=True)
class _Come:
    """A file that was read, and whose it seems to be."""

    number: int
    name: str
    reading: FormReading
    lg_code: str | None
    certain: bool
    said: str


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
    names = [each.name for each in chosen]
    if not held or not chosen:
        with before:  # with files at hand, the button that records them has the answer
            answer(f"{key}.record")
            _draw_results(key)
        return
    if held["names"] != names:
        st.info("選んだファイルが変わりました。もう一度「読み取る」を押してください。")
        return
    _draw_come([_come(n, each) for n, each in enumerate(held["read"])], found, answers, chosen, key)


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
        "names": [each.name for each in chosen],
        "read": read,
        "times": before["times"] + 1,
    }
    st.session_state.pop(f"{key}.results", None)
    forget(f"{key}.record")


def _come(number: int, held: Mapping[str, Any]) -> _Come:
    reading = FormReading.of_plain(held["reading"])
    return _Come(number, held["name"], reading, held["lg_code"], held["certain"], held["said"])


# ── confirming ────────────────────────────────────────────────────────────────────────────────


class _Care(Labelled):
    """What a file wants of whoever confirms it, in the order they are shown."""

    CHOOSE = "choose", "団体かファイルを選ぶもの"
    PUT_RIGHT = "put_right", "記録できないもの"
    CERTAIN = "certain", "そのまま記録できるもの"


def _cares(come: Sequence[_Come]) -> Mapping[_Care, Sequence[_Come]]:
    """The files by what they want; two of one municipality are both to be chosen between."""
    many = _of_one_town(come)
    found: dict[_Care, list[_Come]] = {care: [] for care in _Care}
    for each in come:
        if not each.reading.can_be_taken:
            found[_Care.PUT_RIGHT].append(each)
        elif each.certain and many[each.lg_code] == 1:
            found[_Care.CERTAIN].append(each)
        else:
            found[_Care.CHOOSE].append(each)
    return found


def _of_one_town(come: Sequence[_Come]) -> Counter[str | None]:
    """How many files that can be recorded are certainly of each municipality."""
    return Counter(each.lg_code for each in come if each.reading.can_be_taken and each.certain)


def _draw_come(
    come: Sequence[_Come],
    found: InquiryAnswer,
    answers: FormAnswers,
    chosen: Sequence[Any],
    key: str,
) -> None:
    times = st.session_state[f"{key}.held"]["times"]
    cares = _cares(come)
    many = _of_one_town(come)
    counts = "、".join(f"{care.label}{len(each)}個" for care, each in cares.items() if each)
    st.markdown(
        f"{len(come)}個を読み取りました({counts})。**1つずつ目で確かめ**、記録するものに印を付けてください。"
    )
    rows = {each.lg_code: each for each in answers.rows}
    shown = {code: as_shown(f"{key}.{times}.{code}", answers.seen.get(code, 0)) for code in rows}
    picked: dict[int, str] = {}
    for care, files in cares.items():
        if files:
            st.markdown(f"**{care.label} {len(files)}個**")
        for each in files:
            with row(f"{key}.{times}.{each.number}"):
                if care is _Care.PUT_RIGHT:
                    _draw_refused(each)
                    continue
                one = f"{key}.{times}.{each.number}"
                also = many[each.lg_code] - 1 if each.certain else 0
                code = _draw_one(each, answers, rows, one, also=also)
            if code:
                picked[each.number] = code
    twice = [code for code, many in Counter(picked.values()).items() if many > 1]
    if twice:
        names = "、".join(rows[code].name for code in twice)
        st.error(
            escaped(f"同じ団体のファイルが2つ以上あります: {names}。1つだけに印を付けてください。"),
            icon=":material/error:",
        )
    _draw_record(picked, found, answers, chosen, key, shown, ready=bool(picked) and not twice)


def _draw_refused(each: _Come) -> None:
    """A file that cannot be recorded: whose it seems to be, what is wrong, what to do."""
    st.markdown(f"**{escaped(each.name)}** {damages_said(each.reading)}")
    if each.lg_code is not None:
        st.caption(escaped(each.said))
    whole = [damage for damage in each.reading.damages if not damage.sheet]
    if len(whole) == len(each.reading.damages):
        for damage in whole:
            st.markdown(escaped(damage.said))
        return
    draw_damages(each.reading)
    st.caption(
        "このままでは記録できません。団体に直してもらうか、直したファイルを選び直してください。"
    )


def _draw_one(
    each: _Come, answers: FormAnswers, rows: Mapping[str, FormRow], key: str, *, also: int
) -> str:
    """One file that can be recorded; says whose it is once it is marked.

    Args:
        also: Other files that are certainly of the same municipality.
    """
    whose = each.said
    if also:
        whose += f"同じ団体のファイルがほかに{also}個あります。記録する1つに印を付けてください。"
    with st.container(horizontal=True, vertical_alignment="center"):
        said = f"**{escaped(each.name)}** {damages_said(each.reading)}  \n{escaped(whose)}"
        st.markdown(said, width=_WORDS_WIDTH)
        labels = {code: f"{one.name}({code})" for code, one in rows.items()}
        code = choose(
            st.selectbox,
            escaped(f"{each.name}はどの団体の様式か"),
            labels,
            each.lg_code if each.lg_code in labels else None,
            key=f"{key}.town",
            placeholder="団体を選んでください",
            label_visibility="collapsed",
            width=220,
        )
        marked = st.checkbox(
            "記録する", each.certain and not also, key=f"{key}.wanted", disabled=code is None
        )
    if code is None:
        return ""
    towns = [context.reference().ever[one] for one in rows]
    named = named_in_fields(answers.layout, each.reading.values, towns)
    if named and code not in named:
        st.warning(
            "記入欄の団体と、選んだ団体が違います。確かめてください。", icon=":material/warning:"
        )
    if each.reading.damages:
        with st.expander("様式のくずれ"):
            draw_damages(each.reading)
    after = FormRow(code, rows[code].name, each.reading.values)
    changes = row_changes(answers.layout, [rows[code]], [after])
    if not changes:
        st.caption("いまの回答と同じです。")
    for change in changes:
        with st.expander(f"取り込むと変わるところ {len(change.values)}欄"):
            draw_change(change, answers.layout)
    return code if marked else ""


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
