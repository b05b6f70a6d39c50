"""予算要求の様式: a municipality's own forms; the last row counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, select
from sqlalchemy.orm import Session

from core.consultation.attachment import Finding
from core.estimate.request_form import FormPlace
from core.store.columns import AsText, Words, several
from core.store.table import Stored
from core.values.label import Labelled


class FormState(Labelled):
    """様式の状態: whether a form is still used."""

    KEPT = "kept", "使用中"
    DISCARDED = "discarded", "使用をやめた"


@dataclass(frozen=True)
class KeptForm:
    """A form as somebody sent it.

    Attributes:
        form_id: 0 before it is kept.
        name: File name, made safe.
        places: Cells that are filled in; none of one that is discarded.
        findings: What whoever opens it is told.
    """

    form_id: int
    lg_code: str
    name: str
    state: FormState
    places: tuple[FormPlace, ...]
    findings: tuple[Finding, ...]
    recorded_at: datetime
    recorded_by: str


def _written(places: Iterable[FormPlace]) -> str:
    return json.dumps([astuple(place) for place in places], ensure_ascii=False)


def _read(text: str) -> tuple[FormPlace, ...]:
    return tuple(FormPlace(*place) for place in json.loads(text))


FORMS = Stored(
    "request_form",
    KeptForm,
    Column("sha256", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("request_form_lg_code", "lg_code"),
    key="form_id",
    columns={"places": AsText(_written, _read), "findings": several(read=Finding)},
)


def last_form(session: Session, lg_code: str) -> KeptForm | None:
    """The last word about a municipality's form, a discarded one included; None before any."""
    return FORMS.first(
        session, FORMS.query.where(FORMS.c.lg_code == lg_code).order_by(FORMS.c.id.desc())
    )


def form_content(session: Session, form_id: int) -> bytes:
    """The bytes of a form that is there."""
    found = session.scalar(select(FORMS.c.content).where(FORMS.c.id == form_id))
    return bytes(found or b"")


def add_form(session: Session, form: KeptForm, content: bytes) -> int:
    """Insert a form with its bytes: one backup holds everything."""
    digest = hashlib.sha256(content).hexdigest()
    return FORMS.add(session, form, sha256=digest, content=content)
