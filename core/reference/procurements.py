"""data/procurements.yaml: reading the joint procurements (共同調達)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from core.params import Basis
from core.reference.corrections import read_corrections
from core.reference.entry import Entry
from core.reference.procurement import (
    Procurement,
    ProcurementLot,
    Procurements,
    ScaleMerit,
    Scheme,
)
from core.reference.sources import Folder

NAME = "procurements.yaml"
_SCHEME = (
    "key coordinator procurer contractor operator method grounds selection_committee "
    "selection_method precedents note corrections source"
)
_PROGRAMME = (
    "key label short_label fiscal_year what effects features free_edition lots scheme note "
    "corrections source"
)


def read_procurements(folder: Folder) -> Procurements:
    """Every procurement in file order.

    Raises:
        ReferenceDataError: A key or lot twice, or a scheme that is not there.
    """
    entry = folder.entry(NAME, "overview scale_merit schemes programmes")
    overview = entry.entry("overview", "text as_of_text source")
    schemes = {below.text("key"): _scheme(below) for below in entry.entries("schemes", _SCHEME)}
    programmes: dict[str, Procurement] = {}
    for below in entry.entries("programmes", _PROGRAMME):
        procurement = _procurement(below, schemes)
        if procurement.key in programmes:
            raise below.refusal(f"共同調達「{procurement.key}」が重複しています。", "key")
        programmes[procurement.key] = procurement
    return Procurements(
        text=overview.text("text"),
        as_of_text=overview.text("as_of_text"),
        source=overview.text("source"),
        scale_merit=_scale_merit(
            entry.entry("scale_merit", "text rate basis source single_system")
        ),
        schemes=tuple(schemes.values()),
        programmes=tuple(programmes.values()),
    )


def _scale_merit(entry: Entry) -> ScaleMerit:
    single = entry.entry("single_system", "note basis source")
    try:
        rate = Fraction(entry.text("rate"))
    except (ValueError, ZeroDivisionError):
        raise entry.refusal(f"「rate」は分数(例: 3/10)です: {entry.text('rate')}", "rate") from None
    if not 0 <= rate <= 1:
        raise entry.refusal(f"「rate」は0から1までです: {rate}", "rate")
    return ScaleMerit(
        text=entry.text("text"),
        rate=rate,
        basis=entry.choice("basis", Basis),
        source=entry.text("source"),
        single_system_note=single.text("note"),
        single_system_basis=single.choice("basis", Basis),
        single_system_source=single.text("source"),
    )


def _scheme(entry: Entry) -> Scheme:
    return Scheme(
        key=entry.text("key"),
        coordinator=entry.text("coordinator"),
        procurer=entry.text("procurer"),
        contractor=entry.text("contractor"),
        operator=entry.text("operator"),
        method=entry.text("method"),
        grounds=entry.text("grounds"),
        selection_committee=entry.text("selection_committee"),
        selection_method=entry.text("selection_method"),
        precedents=entry.texts("precedents"),
        note=entry.text("note"),
        corrections=read_corrections(entry),
        source=entry.text("source"),
    )


def _procurement(entry: Entry, schemes: Mapping[str, Scheme]) -> Procurement:
    scheme = entry.text("scheme")
    if scheme not in schemes:
        raise entry.refusal(f"調達スキーム「{scheme}」がschemesにありません。", "scheme")
    return Procurement(
        key=entry.text("key"),
        label=entry.text("label"),
        fiscal_year=entry.fiscal_year("fiscal_year"),
        short_label=entry.text("short_label"),
        what=entry.text("what"),
        effects=entry.texts("effects"),
        features=entry.texts("features"),
        free_edition=entry.truth("free_edition"),
        lots=_lots(entry),
        scheme=schemes[scheme],
        note=entry.any_text("note"),
        corrections=read_corrections(entry),
        source=entry.text("source"),
    )


def _lots(entry: Entry) -> tuple[ProcurementLot, ...]:
    lots: dict[str, ProcurementLot] = {}
    for below in entry.entries("lots", "key label description note"):
        key = below.text("key")
        if key in lots:
            raise below.refusal(f"区分「{key}」が重複しています。", "key")
        lots[key] = ProcurementLot(
            key, below.text("label"), below.text("description"), below.any_text("note")
        )
    return tuple(lots.values())
