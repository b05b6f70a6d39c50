"""見出しの棒: who takes part, on the length of all municipalities; looks a grey print tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboard import context
from dashboard.kit.charts.look import DARK, EDGE, LIGHT, TEXT
from dashboard.kit.charts.standing import HATCHED_CSS

NAMED, PUBLISHED, PLANNED = "名前がわかる", "公表だけ(名前は不明)", "予定"
ABSENT, UNKNOWN = "不参加", "不明"
_UNKNOWN = "repeating-linear-gradient(45deg,#ffffff 0 4px,#b3b3b3 4px 5px)"
_LOOKS = {
    NAMED: f"background:{DARK};border:1px solid {TEXT}",
    PUBLISHED: f"background:{HATCHED_CSS};border:1px solid {TEXT}",
    PLANNED: f"background:{LIGHT};border:1px dashed {TEXT}",
    ABSENT: f"background:#ffffff;border:1px solid {TEXT}",
    UNKNOWN: f"background:{_UNKNOWN};border:1px solid {TEXT}",
}


def headline_bar(parts: Mapping[str, int], municipalities: int) -> str:
    """One bar as HTML; what no part stands for is not known (不明).

    Args:
        parts: One of the names above → 団体数, in the order drawn.
        municipalities: The whole bar, unless the parts are more.
    """
    whole = bar_length(parts, municipalities)
    blocks = "".join(
        f'<div style="box-sizing:border-box;width:{number / whole:.2%};{_LOOKS[name]}"></div>'
        for name, number in parts.items()
        if number
    )
    told = "、".join(f"{name}{number}団体" for name, number in parts.items() if number) or "なし"
    return (
        f'<div role="img" aria-label="{municipalities}{context.names().towns}のうち、{told}" '
        f'style="display:flex;height:1.4rem;border:1px solid {EDGE};max-width:46rem;'
        f'background:{_UNKNOWN}">{blocks}</div>'
    )


def bar_length(parts: Mapping[str, int], municipalities: int) -> int:
    """How many the whole bar stands for."""
    return max(municipalities, sum(parts.values()))


def bar_legend(entries: Iterable[tuple[str, str]], note: str) -> str:
    """Names of the looks, each with what is said after it; then a note."""
    marks = "".join(
        '<span style="display:inline-flex;align-items:center;gap:.35rem;margin-right:1rem">'
        f'<span style="width:.9rem;height:.9rem;{_LOOKS[name]}"></span>{name}{more}</span>'
        for name, more in entries
    )
    return (
        f'<div style="font-size:.875rem;color:{TEXT};margin-top:.3rem">{marks}'
        f"<span>{note}</span></div>"
    )
