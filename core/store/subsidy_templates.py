"""書類の様式: the secretariat's templates, by programme and paper; the last row of each counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary, select
from sqlalchemy.orm import Session

from core.store.columns import Words, several
from core.store.request_forms import FormState
from core.store.table import Stored
from core.subsidy.document import DocumentKind, Mark

_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class KeptTemplate:
    """A template as somebody sent it.

    Attributes:
        template_id: 0 before it is kept.
        programme: Key of the programme; the same template in every fiscal year.
        name: File name, made safe; its ending says Word or Excel.
        marks: What is put in; none of one that is discarded.
    """

    template_id: int
    programme: str
    kind: DocumentKind
    name: str
    state: FormState
    marks: tuple[Mark, ...]
    recorded_at: datetime
    recorded_by: str

    @property
    def suffix(self) -> str:
        """Its ending, with the dot."""
        return f".{self.name.rpartition('.')[2].lower()}"


TEMPLATES = Stored(
    "subsidy_template",
    KeptTemplate,
    Column("sha256", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("subsidy_template_of", "programme", "kind"),
    key="template_id",
    columns={"marks": several(read=Mark)},
)


def templates(session: Session, programme: str) -> list[KeptTemplate]:
    """Every template of a programme, replaced and discarded ones too, oldest first; no bytes."""
    return TEMPLATES.all(session, programme=programme)


def in_use(versions: Iterable[KeptTemplate]) -> dict[DocumentKind, KeptTemplate]:
    """The template of each paper that is used; a paper without one is absent.

    Args:
        versions: As :func:`templates` gives them.
    """
    last = {each.kind: each for each in versions}
    return {kind: each for kind, each in last.items() if each.state is FormState.KEPT}


def template_of(session: Session, template_id: int) -> KeptTemplate | None:
    """A template that was sent, whether it is still used or not; None when there is none."""
    if not 0 < template_id <= _LARGEST_KEY:
        return None
    query = TEMPLATES.query.where(
        TEMPLATES.c.id == template_id, TEMPLATES.c.state == FormState.KEPT
    )
    return TEMPLATES.first(session, query)


def template_contents(session: Session, ids: Iterable[int]) -> dict[int, bytes]:
    """The bytes of templates by number."""
    kept = TEMPLATES.c
    rows = session.execute(select(kept.id, kept.content).where(kept.id.in_([*ids])))
    return {number: bytes(content) for number, content in rows}


def add_template(session: Session, template: KeptTemplate, content: bytes) -> int:
    """Insert a template with its bytes: one backup holds everything."""
    digest = hashlib.sha256(content).hexdigest()
    return TEMPLATES.add(session, template, sha256=digest, content=content)
