"""見積・契約額: keep, correct, withdraw, show by name or not; 削減時間: state, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.consultation.attachment import CheckedFile, OfferedFile
from core.imports.reading import checked_files
from core.procurement.recording import System
from core.quotation.event import (
    MAX_FILES_KEPT,
    REASON,
    Change,
    Consent,
    ConsentEvent,
    Quotation,
    QuotationEvent,
    check_consent,
    check_correction,
    check_open,
)
from core.quotation.hours import (
    HOURS_REASON,
    MEASURED,
    HoursEvent,
    check_hours,
    check_said_anew,
    hours_stated,
)
from core.quotation.price import Price, read_price
from core.quotation.systems import priced_systems
from core.reference.pack import Reference
from core.store.quotations import CONSENTS, HOURS, QUOTATIONS, add_files, quotation_of
from core.store.work import Work, command, refuse_stale
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear


@requires("quotation:record", municipality="lg_code")
def record_quotation(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    price: Price,
    files: Sequence[OfferedFile],
    reference: Reference,
    request_id: str,
    now: datetime,
) -> int:
    """Keep a quotation or contract price with its files; the secretariat sees it from then on.

    Args:
        files: Looked into before the transaction begins, since writers queue.

    Returns:
        Its number.

    Raises:
        InvalidInputError: Every field and every file that cannot be used, all at once.
    """
    reference.municipality(lg_code)
    checked, problems = _looked_into(files)
    return _record(
        engine,
        principal,
        lg_code=lg_code,
        price=price,
        files=checked,
        problems=problems,
        systems=priced_systems(reference),
        request_id=request_id,
        now=now,
    )


@command("quotation:record", "見積・契約額の記録")
def _record(
    work: Work,
    *,
    lg_code: str,
    price: Price,
    files: tuple[CheckedFile, ...],
    problems: Mapping[str, str],
    systems: Mapping[str, System],
    request_id: str,
    now: datetime,
) -> int:
    kept = _read(work, price, systems, problems)
    number = _say(work, lg_code, None, Change.RECORDED, kept, "")
    add_files(work.session, number, files, work.now, work.by)
    work.audit(
        f"見積No.{number}", lg_code=lg_code, programme=kept.programme, lot=kept.lot,
        document=kept.document, way=kept.way, files=len(files),
    )  # fmt: skip
    return number


@requires("quotation:record", municipality="lg_code")
def correct_quotation(
    engine: Engine,
    principal: Principal,
    *,
    lg_code: str,
    quotation_id: int,
    price: Price,
    files: Sequence[OfferedFile],
    reason: Annotated[str, REASON],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Say anew what a document says; what was said before stays, an agreement to be shown ends.

    Args:
        files: To be kept with those there are.

    Raises:
        InvalidInputError: Every field that cannot be used; no such quotation of this municipality.
        ConflictError: Nothing changes, it was withdrawn, or somebody changed it meanwhile.
    """
    checked, problems = _looked_into(files)
    _correct(
        engine,
        principal,
        lg_code=lg_code,
        quotation_id=quotation_id,
        price=price,
        files=checked,
        reason=reason,
        seen_event=seen_event,
        problems=problems,
        systems=priced_systems(reference),
        request_id=request_id,
        now=now,
    )


@command("quotation:correct", "見積・契約額の訂正", "quotation:record")
def _correct(
    work: Work,
    *,
    lg_code: str,
    quotation_id: int,
    price: Price,
    files: tuple[CheckedFile, ...],
    reason: Annotated[str, REASON],
    seen_event: int,
    problems: Mapping[str, str],
    systems: Mapping[str, System],
    request_id: str,
    now: datetime,
) -> None:
    before = _seen(work, lg_code, quotation_id, seen_event)
    check_open(before)
    kept = _read(work, price, systems, problems)
    if not files:
        check_correction(before, kept)
    if len(before.files) + len(files) > MAX_FILES_KEPT:
        raise InvalidInputError(
            {
                "attachments": f"添付は1件の見積に{MAX_FILES_KEPT}個までです"
                f"(登録済み{len(before.files)}個、追加{len(files)}個)。"
            }
        )
    _say(work, lg_code, quotation_id, Change.CORRECTED, kept, reason)
    add_files(work.session, quotation_id, files, work.now, work.by)
    work.audit(
        before.label, lg_code=lg_code, programme=kept.programme, lot=kept.lot,
        document=kept.document, way=kept.way, files=len(files), reason=reason,
    )  # fmt: skip


@command("quotation:withdraw", "見積・契約額の取下げ", "quotation:record")
def withdraw_quotation(
    work: Work,
    *,
    lg_code: str,
    quotation_id: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Take a quotation back: it counts nowhere from then on, and nobody is shown it by name.

    Raises:
        InvalidInputError: Field ``reason``, or no such quotation of this municipality.
        ConflictError: It was withdrawn, or somebody changed it meanwhile.
    """
    before = _seen(work, lg_code, quotation_id, seen_event)
    check_open(before)
    _say(work, lg_code, quotation_id, Change.WITHDRAWN, None, reason)
    work.audit(before.label, lg_code=lg_code, reason=reason)


@command("quotation:consent", "見積・契約額の公開の同意")
def decide_quotation_consent(
    work: Work,
    *,
    lg_code: str,
    quotation_id: int,
    agreed: bool,
    seen_event: int,
    request_id: str,
    now: datetime,
) -> None:
    """Agree to the others seeing name and price as they stand now, or not any more.

    Raises:
        InvalidInputError: No such quotation of this municipality.
        ConflictError: Said before, it was withdrawn, or somebody changed the price meanwhile.
    """
    before = _seen(work, lg_code, quotation_id, seen_event)
    consent = Consent.AGREED if agreed else Consent.TAKEN_BACK
    check_consent(before, consent)
    said_of = before.last.event_id
    CONSENTS.add(work.session, ConsentEvent(0, quotation_id, said_of, consent, work.now, work.by))
    work.audit(before.label, lg_code=lg_code, state=consent)


@command("quotation:hours", "削減時間の記録", "quotation:record")
def state_saved_hours(
    work: Work,
    *,
    lg_code: str,
    programme: str,
    fiscal_year: int,
    hours: int | None,
    measured: Annotated[str, MEASURED],
    reason: Annotated[str, HOURS_REASON],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """State how many working hours a system saved in a year, or say so anew with a reason.

    Raises:
        InvalidInputError: All problems of the form at once.
        ConflictError: Nothing changes, or somebody said so meanwhile.
    """
    reference.municipality(lg_code)
    check_hours(hours)
    before = _hours_before(work, lg_code, programme, fiscal_year, seen_event, reference)
    if hours is not None:
        check_said_anew(before, hours, measured, reason)
    _state(work, lg_code, programme, fiscal_year, hours, measured, reason)


@command("quotation:hours_back", "削減時間の取消し", "quotation:record")
def take_back_saved_hours(
    work: Work,
    *,
    lg_code: str,
    programme: str,
    fiscal_year: int,
    reason: Annotated[str, REASON],
    seen_event: int,
    reference: Reference,
    request_id: str,
    now: datetime,
) -> None:
    """Take back what was stated: unknown from then on.

    Raises:
        InvalidInputError: Field ``reason``.
        ConflictError: Nothing is stated, or somebody said something else meanwhile.
    """
    if _hours_before(work, lg_code, programme, fiscal_year, seen_event, reference) is None:
        raise ConflictError("この年度の削減時間は記録されていません。画面を更新してください。")
    _state(work, lg_code, programme, fiscal_year, None, "", reason)


def _hours_before(
    work: Work,
    lg_code: str,
    programme: str,
    fiscal_year: int,
    seen_event: int,
    reference: Reference,
) -> HoursEvent | None:
    if programme not in priced_systems(reference):
        raise InvalidInputError({"programme": "共同調達を一覧から選んでください。"})
    year = _year(fiscal_year)
    if year > FiscalYear.of(work.today):
        raise InvalidInputError(
            {"fiscal_year": f"{year.label}はまだ始まっていません。年度を選び直してください。"}
        )
    said = HOURS.all(work.session, lg_code=lg_code, programme=programme, fiscal_year=year)
    found = hours_stated(said).get((lg_code, programme, year))
    number = found.event_id if found else 0
    last = said[-1] if said else None
    refuse_stale(last, number, seen_event, "この年度の削減時間", "変更して")
    return found


def _year(number: int) -> FiscalYear:
    try:
        return FiscalYear(number)
    except ValueError as error:
        raise InvalidInputError({"fiscal_year": f"{error}。一覧から選び直してください。"}) from None


def _state(
    work: Work,
    lg_code: str,
    programme: str,
    fiscal_year: int,
    hours: int | None,
    measured: str,
    reason: str,
) -> None:
    year = _year(fiscal_year)
    HOURS.add(
        work.session,
        HoursEvent(0, lg_code, programme, year, hours, measured, reason, work.now, work.by),
    )
    work.audit(programme, lg_code=lg_code, fiscal_year=int(year), hours=hours, reason=reason)


def _looked_into(
    files: Sequence[OfferedFile],
) -> tuple[tuple[CheckedFile, ...], Mapping[str, str]]:
    """The files, or what stands against them, to be said with the rest of the form."""
    try:
        return checked_files(files), {}
    except InvalidInputError as error:
        return (), error.problems


def _read(
    work: Work, price: Price, systems: Mapping[str, System], problems: Mapping[str, str]
) -> Price:
    try:
        kept = read_price(price, systems, work.today)
    except InvalidInputError as error:
        raise InvalidInputError({**error.problems, **problems}) from None
    if problems:
        raise InvalidInputError(problems)
    return kept


def _seen(work: Work, lg_code: str, quotation_id: int, seen_event: int) -> Quotation:
    before = quotation_of(work.session, lg_code, quotation_id)
    did = f"{before.last.change.label}して"
    refuse_stale(before.last, before.last.event_id, seen_event, before.label, did)
    return before


def _say(
    work: Work,
    lg_code: str,
    quotation_id: int | None,
    change: Change,
    price: Price | None,
    reason: str,
) -> int:
    return QUOTATIONS.add(
        work.session,
        QuotationEvent(0, lg_code, quotation_id, change, price, reason, work.now, work.by),
    )
