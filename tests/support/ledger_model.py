"""The ledger as the tests understand it, written from the glossary and not from the code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass
class Said:
    """One record."""

    number: int
    kind: str
    day: date
    lot: str | None = None
    dead: bool = False


def in_order(said: list[Said]) -> list[Said]:
    counting = [s for s in said if not s.dead and s.kind != "correction"]
    return sorted(counting, key=lambda s: (s.day, s.number))


def first_wrong(said: list[Said]) -> tuple[Said, Said | None] | None:
    """The first record that cannot stand where it stands, and the one before it."""
    where, lot, live, foreseen, ever_paid = "out", None, False, "", False
    before = None
    for each in in_order(said):
        k = each.kind
        ok = {
            "interest": where in ("out", "interest"),
            "planned": where in ("out", "interest", "planned", "mandate", "free"),
            "mandate": where in ("out", "interest", "planned")
            or (where == "free" and foreseen != "mandate"),
            "joined": where in ("out", "interest", "planned", "mandate", "free") and not ever_paid,
            "joined_late": where in ("out", "interest", "planned", "mandate", "free"),
            "free_edition": where in ("out", "interest", "planned", "mandate"),
            "live": where in ("paid", "free") and not live,
            "lot_changed": where in ("paid", "free") and each.lot not in (None, lot),
            "left": where in ("paid", "free"),
            "withdrawn": where in ("interest", "planned", "mandate")
            or (where == "free" and foreseen != ""),
        }[k]
        if not ok:
            return each, before
        before = each
        if k == "live":
            live = True
        elif k == "lot_changed":
            lot = each.lot
        elif where == "free" and k in ("planned", "mandate", "withdrawn"):
            foreseen = (
                "" if k == "withdrawn" else max(foreseen, k, key=["", "planned", "mandate"].index)
            )
        elif where == "mandate" and k == "planned":
            lot = each.lot or lot
        else:
            was, where = (
                where,
                {
                    "joined": "paid",
                    "joined_late": "paid",
                    "free_edition": "free",
                    "left": "out",
                    "withdrawn": "out",
                }.get(k, k),
            )
            ever_paid |= where == "paid"
            carried = was != "out" and k in ("planned", "mandate", "joined", "joined_late")
            lot = None if where == "out" else each.lot or (lot if carried else None)
            live = live and where == "paid"
            foreseen = ""
    return None


def standing(said: list[Said], day: date) -> str:
    """The last word by a day, as the screen's mark would say it."""
    now = "none"
    for each in in_order(said):
        if each.day > day:
            break
        k = each.kind
        if k in ("live", "lot_changed") or (
            now == "free" and k in ("planned", "mandate", "withdrawn")
        ):
            continue
        if now == "mandate" and k == "planned":
            continue
        now = {"joined": "paid_initial", "joined_late": "paid_late", "free_edition": "free"}.get(
            k, k
        )
    return now
