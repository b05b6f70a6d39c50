"""書類: what goes into the papers of applications, and the templates they are made with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.parameters import all_parameters
from core.store.subsidy import case_of, cases
from core.store.subsidy_templates import (
    KeptTemplate,
    in_use,
    template_contents,
    template_of,
    templates,
)
from core.store.support import contracts, visits
from core.subsidy.case import Case
from core.subsidy.document import DocumentKind
from core.subsidy.document_values import (
    DocumentNames,
    DocumentValues,
    document_values,
    papers_of,
)
from core.subsidy.offered import programme_of, programmes
from core.support.contract import Contract
from core.support.visit import Visit
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Template:
    """A template of the secretariat's with its bytes."""

    suffix: str
    content: bytes


@dataclass(frozen=True)
class Paper:
    """One paper, ready to be made.

    Attributes:
        number: Of its application, R5-補助003.
        town: Of whoever applies.
        template: None: our plain one.
    """

    lg_code: str
    town: str
    number: str
    values: DocumentValues
    template: Template | None


@dataclass(frozen=True)
class TemplatesAnswer:
    """The templates of a programme.

    Attributes:
        programme: Its key; empty where nothing is granted.
        names: All programmes there are, by key.
        used: By paper; our plain one where there is none.
        versions: All there were, newest first.
    """

    programme: str
    names: Mapping[str, str]
    used: Mapping[DocumentKind, KeptTemplate]
    versions: tuple[KeptTemplate, ...]


@requires("subsidy_template:manage")
def templates_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    programme: str,
    as_of: date,
) -> TemplatesAnswer:
    """Templates of a programme, without their bytes.

    Args:
        programme: Its key; one there is not: the first there is.
        as_of: The programmes are those of its fiscal year.
    """
    with reading(engine) as session:
        there = programmes(reference, all_parameters(session), FiscalYear.of(as_of), as_of)
        key = programme if programme in there else next(iter(there), "")
        found = templates(session, key)
    names = {each.key: each.name for each in there.values()}
    return TemplatesAnswer(key, names, in_use(found), tuple(reversed(found)))


@requires("subsidy:read")
def paper_suffixes_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    programme: str,
) -> Mapping[DocumentKind, str]:
    """Whether each paper of a programme is made as Word or as Excel: its ending, with the dot."""
    with reading(engine) as session:
        used = in_use(templates(session, programme))
    return {kind: used[kind].suffix if kind in used else kind.suffix for kind in DocumentKind}


@requires("subsidy_template:manage")
def template_content_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    template_id: int,
) -> bytes:
    """A template as it was sent, also one that was replaced. Ask afresh: bytes are no matter for a cache.

    Raises:
        InvalidInputError: Field ``template_id``: there is none.
    """
    with reading(engine) as session:
        if template_of(session, template_id) is None:
            raise InvalidInputError(
                {"template_id": "この様式は見つかりません。画面を更新してください。"}
            )
        return template_contents(session, [template_id])[template_id]


@requires("subsidy:read", municipality="lg_code")
def case_papers_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    case_id: int,
    kinds: Collection[DocumentKind] = tuple(DocumentKind),
) -> tuple[Paper, ...]:
    """Papers of an application this municipality takes part in, in the order of the way.

    Ask afresh: they carry the bytes of templates.

    Args:
        kinds: Of these, those there are by now.

    Raises:
        InvalidInputError: No such application of this municipality.
        ConflictError: It has none of these papers yet.
    """
    with reading(engine) as session:
        case = case_of(session, lg_code, case_id)
        found = _papers(session, reference, [case], kinds)
    if not found:
        names = "、".join(kind.label for kind in DocumentKind if kind in kinds)
        raise ConflictError(
            f"{case.number.label}には、まだ{names}がありません。手続が進むと作れます。"
        )
    return found


@requires("subsidy:decide")
def all_papers_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    programme: str,
    fiscal_year: FiscalYear,
    kinds: Collection[DocumentKind],
) -> tuple[Paper, ...]:
    """Papers of every application of a programme and year, by municipality and the order of the way.

    Ask afresh: they carry the bytes of templates.

    Raises:
        ConflictError: There are none.
    """
    with reading(engine) as session:
        known = [
            each for each in cases(session, fiscal_year=fiscal_year) if each.programme == programme
        ]
        found = _papers(session, reference, known, kinds)
    if not found:
        raise ConflictError("この書類のある手続はまだありません。年度と書類を選び直してください。")
    return found


def _papers(
    session: Session,
    reference: Reference,
    known: Iterable[Case],
    kinds: Collection[DocumentKind],
) -> tuple[Paper, ...]:
    wanted = [
        (case, kind)
        for case in sorted(known, key=lambda each: (each.lg_code, each.case_id))
        for kind in papers_of(case)
        if kind in kinds
    ]
    parameters = all_parameters(session)
    work = _Work(session, [case for case, _ in wanted])
    made_with = _Templates(session, {case.programme for case, _ in wanted}, kinds)
    names = {
        year: DocumentNames.of(reference, year) for year in {case.fiscal_year for case, _ in wanted}
    }
    of_case = {
        case.case_id: programme_of(reference, parameters, case)
        for case in {case.case_id: case for case, _ in wanted}.values()
    }
    papers = []
    for case, kind in wanted:
        programme = of_case[case.case_id]
        made, held = work.of(case) if programme.from_contracts else ([], [])
        values = document_values(
            kind,
            case,
            programme=programme,
            contracts=made,
            visits=held,
            names=names[case.fiscal_year],
        )
        papers.append(
            Paper(
                case.lg_code,
                reference.called(case.lg_code),
                case.number.label,
                values,
                made_with.of(case.programme, kind),
            )
        )
    return tuple(papers)


class _Work:
    """Contracts and visits of the years of some applications."""

    def __init__(self, session: Session, known: Collection[Case]) -> None:
        one = {code for case in known for code in case.members}
        alone = next(iter(one)) if len(one) == 1 else None
        self._made: dict[tuple[FiscalYear, str], list[Contract]] = defaultdict(list)
        for year in {case.fiscal_year for case in known}:
            for contract in contracts(session, alone, fiscal_year=year):
                self._made[year, contract.lg_code].append(contract)
        ids = [each.contract_id for every in self._made.values() for each in every]
        self._visits: dict[int, list[Visit]] = defaultdict(list)
        for visit in visits(session, contract_ids=ids) if ids else ():
            self._visits[visit.contract_id].append(visit)

    def of(self, case: Case) -> tuple[list[Contract], list[Visit]]:
        made = [each for code in case.members for each in self._made[case.fiscal_year, code]]
        return made, [visit for each in made for visit in self._visits[each.contract_id]]


class _Templates:
    """The templates in use, read once each."""

    def __init__(
        self, session: Session, programmes: Collection[str], kinds: Collection[DocumentKind]
    ) -> None:
        self._used = {
            (programme, kind): template
            for programme in programmes
            for kind, template in in_use(templates(session, programme)).items()
            if kind in kinds
        }
        self._contents = template_contents(
            session, [each.template_id for each in self._used.values()]
        )

    def of(self, programme: str, kind: DocumentKind) -> Template | None:
        used = self._used.get((programme, kind))
        return None if used is None else Template(used.suffix, self._contents[used.template_id])
