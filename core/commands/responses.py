"""回答: draft, have confirmed, hand in, return; and what the secretariat records for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import randbelow, token_hex
from typing import Annotated

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, shown_name
from core.consultation.attachment import CheckedFile, OfferedFile
from core.imports.reading import checked_files
from core.inquiry.answer import NOTHING, Answers, content_digest, salted, written
from core.inquiry.document import InquiryFile, named_files
from core.inquiry.kinds.kind import Scope
from core.inquiry.people import former_people_of, people_of
from core.inquiry.reading import differences, read_answers
from core.inquiry.response import (
    NOTE,
    REASON,
    Draft,
    Receipt,
    Response,
    ResponseEvent,
    ResponseStep,
    Way,
    check_approval,
    check_may_answer,
    check_return,
    says_the_same,
)
from core.inquiry.round import Inquiry, InquiryState
from core.reference.pack import Reference
from core.store.contacts import municipality_contacts
from core.store.inquiries import (
    APPROVAL_RULES,
    RESPONSES,
    ApprovalRule,
    Clock,
    add_inquiry_files,
    approval_required,
    files_for,
    forget_draft,
    inquiry_files,
    inquiry_of,
    keep_draft,
    response_of,
)
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day

MOST_TYPED = 1_000_000
"""Characters of one response, as kept."""
MOST_FILES = 60
"""Files of one municipality in one inquiry."""
UNCHANGED = "提出済みの回答から変わっていません。提出し直す必要はありません。"
"""Said before somebody hands in again what is in, and where it is tried."""


@command("response:draft", "回答の下書き", "response:write", changes=False)
def save_draft(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    typed: Answers,
    seen_revision: int,
    reference: Reference,
    now: datetime,
) -> int:
    """Keep what is typed, as it is typed; returns its revision.

    No audit entry: a draft says nothing until it is handed in.

    Args:
        seen_revision: Of the draft the screen began from; 0 for none.

    Raises:
        InvalidInputError: No such inquiry, or it is too long.
        ConflictError: Another screen saved meanwhile, names what differs; or handed in or discarded.
    """
    inquiry = inquiry_of(work.session, inquiry_id, lg_code)
    response = response_of(work.session, inquiry, lg_code)
    _refuse_long(typed)
    _refuse_other_hand(work, inquiry, response, typed, seen_revision, reference)
    if response.draft is None and seen_revision:
        raise ConflictError(
            "この下書きは、ほかの画面で提出されたか、破棄されています。"
            "画面を更新して、いまの内容を確かめてください。"
        )
    revision = response.draft.revision + 1 if response.draft else _first_revision()
    keep_draft(work.session, Draft(inquiry_id, lg_code, revision, typed, work.now, work.by))
    return revision


def _first_revision() -> int:
    """Where a new draft begins to count.

    Anywhere: what an open browser holds of a draft that was discarded is no number of the next one.
    """
    return 1 + randbelow(2**30)


@command("response:discard", "回答の下書きの破棄", "response:write")
def discard_draft(
    work: Work, *, lg_code: str, inquiry_id: int, seen_revision: int, request_id: str, now: datetime
) -> None:
    """Go back to what was handed in, or to nothing.

    Raises:
        InvalidInputError: No such inquiry.
        ConflictError: There is no draft, or somebody else saved meanwhile.
    """
    inquiry = inquiry_of(work.session, inquiry_id, lg_code)
    draft = response_of(work.session, inquiry, lg_code).draft
    if draft is None:
        raise ConflictError("下書きはありません。画面を更新して確認してください。")
    if draft.revision != seen_revision:
        raise ConflictError(_other_hand(draft))
    forget_draft(work.session, inquiry_id, lg_code)
    work.audit(inquiry.number.label)


def _refuse_long(typed: Answers) -> None:
    if (size := len(written(typed))) > MOST_TYPED:
        raise InvalidInputError(
            {"typed": f"回答が長すぎます({size:,}文字)。{MOST_TYPED:,}文字以内にしてください。"}
        )


def _refuse_other_hand(
    work: Work,
    inquiry: Inquiry,
    response: Response,
    typed: Answers,
    seen: int,
    reference: Reference,
) -> None:
    """Refuse to lose what was typed elsewhere since, unless it says the same.

    Also of the same account: municipalities share one, and people open two windows.
    """
    draft = response.draft
    if draft is None or draft.revision == seen:
        return
    scope = _scope(work, inquiry, response.lg_code, reference)
    found = differences(inquiry.composition, draft.typed, typed, scope)
    if not found:
        return
    composition = inquiry.composition
    lines = [
        f"・設問{composition.number_of(each.question.key)}: "
        f"相手「{each.before or '無記入'}」、こちら「{each.after or '無記入'}」"
        for each in found
    ]
    raise ConflictError("\n".join([_other_hand(draft), "違うところ:", *lines]))


def _other_hand(draft: Draft) -> str:
    return (
        f"{japan_day(draft.saved_at)}に{shown_name(draft.saved_by)}がこの下書きを保存しています。"
        "画面を更新して、相手の内容を確かめてください。"
    )


@requires("response:write", municipality="lg_code")
def add_response_files(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    inquiry_id: int,
    question: str,
    files: Sequence[OfferedFile],
    request_id: str,
    now: datetime,
) -> tuple[int, ...]:
    """Keep files of an answer; returns their numbers, which the answer then names.

    Args:
        files: Looked into before the transaction begins, since writers queue.

    Raises:
        InvalidInputError: Field ``attachments``; no such inquiry or question.
    """
    checked = checked_files(files)
    return _add_files(
        engine,
        principal,
        lg_code=lg_code,
        inquiry_id=inquiry_id,
        question=question,
        files=checked,
        request_id=request_id,
        now=now,
    )


@command("response:file", "回答のファイルの登録", "response:write")
def _add_files(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    question: str,
    files: tuple[CheckedFile, ...],
    request_id: str,
    now: datetime,
) -> tuple[int, ...]:
    inquiry = inquiry_of(work.session, inquiry_id, lg_code)
    if question not in inquiry.composition.by_key:
        raise InvalidInputError({"question": "設問が変わっています。画面を更新してください。"})
    own = [f for f in inquiry_files(work.session, inquiry_id) if f.lg_code == lg_code]
    if len(own) + len(files) > MOST_FILES:
        raise InvalidInputError(
            {
                "attachments": f"1つの照会に添付できるのは{MOST_FILES}個までです(登録済み{len(own)}個)。"
            }
        )
    found = add_inquiry_files(work.session, inquiry_id, lg_code, question, files, work.now, work.by)
    work.audit(inquiry.number.label, files=len(files))
    return found


@command("response:hand_in", "回答の提出", "response:write")
def hand_in(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    typed: Answers,
    seen_revision: int,
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> Receipt:
    """Hand an answer in, once more until the deadline; the clock of the database decides.

    Args:
        seen_revision: Of the draft the screen showed; 0 for none.
        seen_event: Number of the last step of the response the screen showed; 0 for none.

    Raises:
        InvalidInputError: By key of the question: everything that cannot be handed in so; no such
            inquiry.
        ConflictError: Too early or too late, confirmation is wanted first, nothing changed since,
            or somebody else did something meanwhile.
    """
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    work.now = clock(work.session)
    check_may_answer(inquiry, lg_code, response, work.now)
    if approval_required(work.session, lg_code):
        raise ConflictError(
            "この団体では、提出の前に別のアカウントの確認が必要です。「確認を依頼する」を押してください。"
        )
    _refuse_other_hand(work, inquiry, response, typed, seen_revision, reference)
    answers = _read(work, inquiry, lg_code, typed, reference)
    _refuse_same(inquiry, response, answers)
    return _hand_in(work, inquiry, response, answers, Way.SCREEN)


@command("response:ask", "回答の確認依頼", "response:write")
def ask_approval(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    typed: Answers,
    seen_revision: int,
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> None:
    """Ask a second account of the municipality to confirm and hand in (担当 → 課長).

    Raises:
        InvalidInputError, ConflictError: As :func:`hand_in`.
    """
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    work.now = clock(work.session)
    check_may_answer(inquiry, lg_code, response, work.now)
    _refuse_other_hand(work, inquiry, response, typed, seen_revision, reference)
    answers = _read(work, inquiry, lg_code, typed, reference)
    _refuse_same(inquiry, response, answers)
    _add(work, inquiry, lg_code, ResponseStep.ASKED, answers=_kept(inquiry, answers))
    work.audit(inquiry.number.label, lg_code=lg_code)


@command("response:confirm", "回答の確認と提出", "response:write")
def confirm_answer(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> Receipt:
    """Confirm what a colleague asked for, and hand it in as it was then.

    Raises:
        InvalidInputError: Questions changed since so that it no longer holds; no such inquiry.
        ConflictError: None waits, whoever asked would decide alone, or it is too late.
    """
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    asked = check_approval(response, work.by)
    work.now = clock(work.session)
    check_may_answer(inquiry, lg_code, response, work.now)
    answers = _read(work, inquiry, lg_code, asked.answers or NOTHING, reference)
    return _hand_in(work, inquiry, response, answers, Way.SCREEN)


@command("response:decline", "回答の確認の差戻し", "response:write")
def decline_answer(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Give back what a colleague asked to have confirmed; whoever asked may take it back so, too.

    Raises:
        InvalidInputError: Field ``reason``; no such inquiry.
        ConflictError: None waits.
    """
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    if response.asked is None:
        raise ConflictError("確認を待っている回答はありません。画面を更新して確認してください。")
    _add(work, inquiry, lg_code, ResponseStep.DECLINED, reason=reason)
    work.audit(inquiry.number.label, lg_code=lg_code, reason=reason)


@command("response:approval", "回答の庁内確認の設定", "response:write")
def set_approval_rule(
    work: Work, *, lg_code: str, required: bool, request_id: str, now: datetime
) -> None:
    """Say whether every answer of a municipality is confirmed by a second account.

    Raises:
        ConflictError: It is so already.
    """
    if approval_required(work.session, lg_code) is required:
        raise ConflictError("設定は変わっていません。画面を更新して確認してください。")
    APPROVAL_RULES.add(work.session, ApprovalRule(0, lg_code, required, work.now, work.by))
    work.audit(lg_code, required=required)


@command("response:return", "回答の差戻し", "inquiry:manage")
def return_answer(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> None:
    """Return an answer for correction; it may then be handed in after the deadline, too.

    Raises:
        InvalidInputError: Field ``reason``; no such inquiry.
        ConflictError: Nothing counts that could be returned, or somebody did something meanwhile.
    """
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    work.now = clock(work.session)
    check_return(response, inquiry.state(work.now))
    _add(work, inquiry, lg_code, ResponseStep.RETURNED, reason=reason)
    work.audit(inquiry.number.label, lg_code=lg_code, reason=reason)


@command("response:record", "回答の代理記録", "inquiry:manage")
def record_answer(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    typed: Answers,
    way: Way,
    note: Annotated[str, NOTE],
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> Receipt:
    """Record what came by telephone or mail, marked so; also after the deadline.

    Args:
        note: Who said it and when.

    Raises:
        InvalidInputError: By key of the question: everything that cannot be recorded so; fields
            ``way``, ``note``; no such inquiry.
        ConflictError: The inquiry is not published or withdrawn, nothing changed since, or somebody
            did something meanwhile.
    """
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    work.now = clock(work.session)
    _refuse_recording(inquiry, way, work.now)
    answers = _read(work, inquiry, lg_code, typed, reference)
    _refuse_same(inquiry, response, answers)
    return _hand_in(work, inquiry, response, answers, way, note)


@requires("inquiry:manage", municipality="lg_code")
def record_answer_with_file(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    inquiry_id: int,
    question: str,
    file: OfferedFile,
    values: Mapping[str, str],
    way: Way,
    note: Annotated[str, NOTE],
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> Receipt:
    """The same of one question whose answer is a form that came as a file; the others stay as they are.

    Args:
        file: Looked into before the transaction begins, since writers queue.
        values: What it says, by key of the field.

    Raises:
        InvalidInputError, ConflictError: As :func:`record_answer`; field ``attachments``.
    """
    return _record_with_file(
        engine,
        principal,
        lg_code=lg_code,
        inquiry_id=inquiry_id,
        question=question,
        file=checked_files([file])[0],
        values=values,
        way=way,
        note=note,
        seen_event=seen_event,
        reference=reference,
        clock=clock,
        request_id=request_id,
        now=now,
    )


@command("response:record", "回答の代理記録", "inquiry:manage")
def _record_with_file(
    work: Work,
    *,
    lg_code: str,
    inquiry_id: int,
    question: str,
    file: CheckedFile,
    values: Mapping[str, str],
    way: Way,
    note: Annotated[str, NOTE],
    seen_event: int,
    reference: Reference,
    clock: Clock,
    request_id: str,
    now: datetime,
) -> Receipt:
    inquiry, response = _seen(work, lg_code, inquiry_id, seen_event)
    work.now = clock(work.session)
    _refuse_recording(inquiry, way, work.now)
    said = (response.handed_in[-1].answers if response.handed_in else None) or {}
    before = said.get(question)
    counts = response.counted is not None
    if counts and isinstance(before, Mapping) and before.get("values") == values:
        raise ConflictError("提出済みの回答から変わっていません。")
    (number,) = add_inquiry_files(
        work.session, inquiry_id, lg_code, question, [file], work.now, work.by
    )
    typed = {**said, question: {"file": number, "values": values}}
    answers = _read(work, inquiry, lg_code, typed, reference)
    return _hand_in(work, inquiry, response, answers, way, note)


def _refuse_recording(inquiry: Inquiry, way: Way, moment: datetime) -> None:
    if way not in (Way.TELEPHONE, Way.MAIL):
        raise InvalidInputError({"way": "回答の受け方を選んでください。"})
    state = inquiry.state(moment)
    if state in (InquiryState.ANNOUNCED, InquiryState.WITHDRAWN):
        raise ConflictError(f"この照会は「{state.label}」のため記録できません。")


def _seen(work: Work, lg_code: str, inquiry_id: int, seen_event: int) -> tuple[Inquiry, Response]:
    inquiry = inquiry_of(work.session, inquiry_id, lg_code)
    response = response_of(work.session, inquiry, lg_code)
    if (last := response.last) is not None:
        did = f"「{last.step.label}」を記録して"
        refuse_stale(last, last.event_id, seen_event, "この回答", did)
    return inquiry, response


def _scope(work: Work, inquiry: Inquiry, lg_code: str, reference: Reference) -> Scope:
    files = _files(work, inquiry, lg_code)
    contacts = municipality_contacts(work.session, lg_code)
    names = {number: each.name for number, each in files.items()}
    former = former_people_of(contacts, work.today)
    return Scope(reference, people_of(contacts, work.today), names, former)


def _files(work: Work, inquiry: Inquiry, lg_code: str) -> dict[int, InquiryFile]:
    return files_for(inquiry_files(work.session, inquiry.inquiry_id), lg_code)


def _read(
    work: Work, inquiry: Inquiry, lg_code: str, typed: Answers, reference: Reference
) -> Answers:
    _refuse_long(typed)
    found = read_answers(inquiry.composition, typed, _scope(work, inquiry, lg_code, reference))
    if found.problems:
        raise InvalidInputError(found.problems)
    return found.answers


def _refuse_same(inquiry: Inquiry, response: Response, answers: Answers) -> None:
    if says_the_same(inquiry, response, answers):
        raise ConflictError(UNCHANGED)


def _kept(inquiry: Inquiry, answers: Answers) -> Answers:
    return salted(answers, token_hex(16)) if inquiry.composition.hidden else answers


def _hand_in(
    work: Work, inquiry: Inquiry, response: Response, answers: Answers, way: Way, note: str = ""
) -> Receipt:
    version, lg_code = inquiry.version.version_id, response.lg_code
    files, answers = _files(work, inquiry, lg_code), _kept(inquiry, answers)
    digest = content_digest(
        inquiry.number.label, version, lg_code, answers, named_files(answers, files)
    )
    late = inquiry.state(work.now) is InquiryState.CLOSED
    _add(
        work,
        inquiry,
        lg_code,
        ResponseStep.HANDED_IN,
        answers=answers,
        digest=digest,
        way=way,
        late=late,
        reason=note,
    )
    forget_draft(work.session, inquiry.inquiry_id, lg_code)
    work.audit(inquiry.number.label, lg_code=lg_code, digest=digest, kind=way.label)
    return Receipt(work.number, inquiry.number.label, lg_code, work.now, digest)


def _add(
    work: Work,
    inquiry: Inquiry,
    lg_code: str,
    step: ResponseStep,
    *,
    answers: Answers | None = None,
    digest: str = "",
    way: Way = Way.SCREEN,
    late: bool = False,
    reason: str = "",
) -> None:
    event = ResponseEvent(
        event_id=0,
        inquiry_id=inquiry.inquiry_id,
        lg_code=lg_code,
        step=step,
        version_id=inquiry.version.version_id,
        answers=answers,
        digest=digest,
        way=way,
        late=late,
        reason=reason,
        recorded_at=work.now,
        recorded_by=work.by,
    )
    RESPONSES.add(work.session, event)
