"""見本データ: made-up cases of the subsidies, in several states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from core.access.principal import CONSOLE, Principal, Role
from core.commands.parameters import record_parameter
from core.commands.subsidy import apply_for_subsidy, record_municipal_step, record_office_step
from core.params import Basis
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.subsidy import case_of
from core.subsidy.check import StepForm
from core.subsidy.money import AskedLine
from core.subsidy.step import MUNICIPAL, CaseStep
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.values.municipality import Municipality
from core.views.subsidy import own_subsidy_view

_S = CaseStep
_DECIDED = (_S.DECIDED,)
_REPORTED = (*_DECIDED, _S.REPORTED)
_FINAL = (*_REPORTED, _S.FINALISED)
_PAID = (*_FINAL, _S.CLAIMED, _S.PAID)
_WAYS: tuple[tuple[str, int, tuple[CaseStep, ...]], ...] = (
    ("公共施設の予約(見本)", 3_800_000, _DECIDED),
    ("窓口のデジタル化(見本)", 6_400_000, ()),
    ("公開型GISの整備(見本)", 4_800_000, _PAID),
    ("子育て手続の案内(見本)", 3_000_000, _REPORTED),
    ("防災情報の配信(見本)", 5_200_000, (_S.SENT_BACK,)),
    ("観光データの連携(見本)", 2_600_000, _FINAL),
    ("移動図書館の案内(見本)", 1_800_000, ()),
)
_BUDGET = 8_000_000
_JOINT = 3
"""Municipalities of the joint application."""


def fill_subsidies(engine: Engine, reference: Reference, now: datetime) -> None:
    """Applications of the year of a day: of support plans where they can be, of other programmes."""
    year, towns = FiscalYear.of(now.date()), reference.municipalities
    offered = own_subsidy_view(
        engine,
        CONSOLE,
        reference,
        lg_code=towns[0].lg_code,
        fiscal_year=year,
        as_of=now.date(),
    ).programmes
    other = next((p for p in offered.values() if not p.from_contracts), None)
    if any(programme.from_contracts for programme in offered.values()):
        record_parameter(
            engine,
            CONSOLE,
            name="talent.programme_budget",
            text=str(_BUDGET),
            valid_from=year.first_day,
            basis=Basis.ASSUMPTION,
            source="見本データ(架空)",
            note="画面を試すための架空の予算です。",
            request_id="mihon-budget",
            now=now,
        )
    if other is not None:
        for town, (title, cost, steps) in zip(towns[1:], _WAYS, strict=False):
            lines = _lines([town], cost, stated=other.terms is None)
            _case(engine, reference, town, other.key, title, lines, steps, now)
        if other.joint:
            some = towns[8 : 8 + _JOINT]
            lines = _lines(some, 9_000_000, stated=other.terms is None)
            title = "複数市町村の連携サービス(見本)"
            _case(engine, reference, some[0], other.key, title, lines, _DECIDED, now)
    for key, programme in offered.items():
        if programme.from_contracts:
            for place, town in enumerate(towns):
                own = own_subsidy_view(
                    engine,
                    CONSOLE,
                    reference,
                    lg_code=town.lg_code,
                    fiscal_year=year,
                    as_of=now.date(),
                )
                if key in own.begin and not own.begin[key].refused and place % 3:
                    steps = _DECIDED if place % 2 else ()
                    _case(engine, reference, town, key, "デジタル人材の活用(見本)", (), steps, now)


def _lines(towns: Sequence[Municipality], cost: int, *, stated: bool) -> tuple[AskedLine, ...]:
    own = cost // len(towns)
    amount = Yen(own // 2) if stated else None
    return tuple(AskedLine(town.lg_code, "委託料", Yen(own), amount) for town in towns)


def _case(
    engine: Engine,
    reference: Reference,
    town: Municipality,
    programme: str,
    title: str,
    lines: tuple[AskedLine, ...],
    steps: Sequence[CaseStep],
    now: datetime,
) -> None:
    officer = Principal(f"mihon-{town.lg_code}", f"見本 {town.name}", Role.OFFICER, town.lg_code)
    form = StepForm(now.date(), "", "見本の理由です。")
    case_id = apply_for_subsidy(
        engine,
        officer,
        lg_code=town.lg_code,
        fiscal_year=FiscalYear.of(now.date()),
        programme=programme,
        title=title,
        asked=lines,
        form=form,
        reference=reference,
        request_id=f"mihon-{programme}",
        now=now,
    )
    for step in steps:
        with reading(engine) as session:
            seen = case_of(session, town.lg_code, case_id).last.event_id
        if step in MUNICIPAL:
            record_municipal_step(
                engine,
                officer,
                lg_code=town.lg_code,
                case_id=case_id,
                step=step,
                asked=lines,
                amount=None,
                form=form,
                seen_event=seen,
                reference=reference,
                request_id=f"mihon-{case_id}-{step}",
                now=now,
            )
        else:
            record_office_step(
                engine,
                CONSOLE,
                lg_code=town.lg_code,
                case_id=case_id,
                step=step,
                amount=None,
                form=form,
                seen_event=seen,
                reference=reference,
                request_id=f"mihon-{case_id}-{step}",
                now=now,
            )
