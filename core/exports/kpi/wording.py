"""Words that every file about figures shares."""

from __future__ import annotations

from collections.abc import Sequence

from core.figures.indicator import KpiFilter
from core.figures.reading import Reading
from core.procurement.headline import Origin
from core.procurement.published import PublishedTotal
from core.reference.pack import Reference
from core.values.figure import LEDGER_SOURCE

UNKNOWN = "不明"


def source_words(source: str, reference: Reference) -> str:
    """出典 as a reader sees it: title and publisher, or the words themselves."""
    if source == LEDGER_SOURCE:
        return f"乗合に{reference.names.towns}・事務局が記録した内容(台帳)"
    known = reference.sources.get(source)
    return f"{known.title}({known.publisher})" if known else source


def published_text(total: PublishedTotal) -> str:
    """公表値 with status and day."""
    return f"{total.value:,}団体({total.status.label}、{total.as_of.label}時点)"


def published_words(reading: Reading) -> str:
    """公表値 beside a number, or the number itself where it is one; empty for none."""
    return "、".join(map(published_text, reading.birth.published))


def inside_words(reading: Reading) -> str:
    """うち名前がわかる22団体, of a number somebody published; empty for any other."""
    birth = reading.birth
    if birth.named is None or birth.origin is Origin.LEDGER:
        return ""
    if not birth.named and reading.narrowed:
        return "絞り込んだ中に名前がわかる団体はない"
    if not birth.named:
        return "名前は公表されていない" if birth.origin else ""
    inside = "うち" if birth.origin and reading.value is not None else ""
    return f"{inside}名前がわかる{birth.named}団体"


def scope_words(reading: Reading, chosen: KpiFilter, reference: Reference) -> str:
    """Which municipalities a number is about."""
    if reading.narrowed:
        return chosen.label(reference.everybody)
    return reference.everybody if reading.indicator.filterable else "全体(絞り込みの対象外)"


def notes_words(found: Sequence[Reading], reference: Reference) -> str:
    """Definition, basis and source of everything on a slide."""
    return "\n".join(
        f"■{each.indicator.name} 定義: {each.indicator.definition} 集計基準: {each.indicator.basis} "
        f"{each.indicator.status.label}、{each.birth.as_of}。出典: {source_words(each.birth.source, reference)}"
        + (f" 不明の理由: {each.why}" if each.why else "")
        for each in found
    )


def sources_words(found: Sequence[Reading], reference: Reference) -> str:
    """Where everything on a slide comes from, each source once."""
    return "出典: " + "、".join(
        dict.fromkeys(source_words(each.birth.source, reference) for each in found)
    )


def systems_of(reference: Reference) -> list[tuple[str, str]]:
    """Key and short name of each joint procurement; talent sharing is none."""
    return [(p.key, p.short_label) for p in reference.procurements.programmes if p.key != "talent"]
