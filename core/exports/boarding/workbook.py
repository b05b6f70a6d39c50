"""The budget request of boarding late as bytes."""

from __future__ import annotations

from datetime import date

from core.boarding.cost import BoardingCost
from core.boarding.premises import premises
from core.estimate.real_burden import NAME, BondBurden
from core.exports.boarding import basis as basis_sheet
from core.exports.boarding import months as months_sheet
from core.exports.boarding.basis import write_basis
from core.exports.boarding.months import write_months, write_waiting
from core.exports.boarding.premises import write_premises
from core.exports.boarding.real_burden import write_real_burden
from core.exports.boarding.request import write_request
from core.exports.book import Book
from core.exports.budget import premises as shared_premises
from core.exports.budget import real_burden as shared_real
from core.exports.budget import request as shared_request
from core.exports.budget.request import Asker
from core.exports.budget.workbook import request_file_name
from core.reference.pack import Reference
from core.reference.procurements import Procurement, ScaleMerit
from core.values.fiscal import era_date
from core.values.offer import OfferedPart


def boarding_workbook(
    cost: BoardingCost,
    *,
    procurement: Procurement,
    merit: ScaleMerit,
    reference: Reference,
    municipality: str | None,
    department: str = "",
    made_on: date,
    link: str,
    made_up: bool,
    note: str = "",
    real: BondBurden | None = None,
) -> bytes:
    """予算要求書 as an .xlsx file: five sheets, live from the quotation on.

    Every formula carries the comparison's figure, so a viewer that does not calculate shows it
    too. Equal arguments give equal bytes.

    Args:
        municipality: 団体名; None leaves it to be filled in.
        department: 所属; empty leaves it to be filled in.
        link: Address that reproduces the comparison.
        real: 実質負担 over the contract, on a sheet of its own behind the others that none of them
            reads; None leaves it out.
    """
    title = f"{cost.first.fiscal_year.full_label} {procurement.label}(後乗り)"
    book = Book(f"予算要求書 {title}", made_on, made_up=made_up)
    front = book.page(shared_request.NAME, shared_request.WIDTHS)
    ground = book.page(basis_sheet.NAME, basis_sheet.WIDTHS)
    spread = book.page(months_sheet.MONTHS_NAME, months_sheet.MONTHS_WIDTHS)
    wait = book.page(months_sheet.WAITING_NAME, months_sheet.WAITING_WIDTHS)
    rests_on = book.page(shared_premises.NAME, shared_premises.WIDTHS)

    basis = write_basis(ground, cost, title)
    asker = Asker(municipality or "", department, era_date(made_on), note)
    front_last = write_request(front, cost, procurement, reference, asker, basis)
    spread_last = write_months(spread, cost, basis)
    wait_last = write_waiting(wait, cost, basis)
    values = premises(
        cost,
        merit_basis=merit.single_system_basis,
        merit_source=merit.source,
        merit_note=merit.single_system_note,
    )
    last = write_premises(rests_on, values, reference, title, made_on, link)

    owner = municipality or ""
    front.printing(made_on, owner, front_last, pages=1, upright=True)
    ground.printing(made_on, owner, basis_sheet.last_cell(cost), pages=1)
    spread.printing(made_on, owner, spread_last)
    wait.printing(made_on, owner, wait_last)
    rests_on.printing(made_on, owner, last)
    if real is not None:
        beneath = book.page(NAME, shared_real.WIDTHS)
        end_of_layer = write_real_burden(
            beneath,
            real,
            basis,
            reference.sources,
            title,
            subsidised=OfferedPart.SUBSIDY in reference.offers,
        )
        beneath.printing(made_on, owner, end_of_layer)
    return book.finished()


def boarding_file_name(
    cost: BoardingCost,
    procurement: Procurement,
    municipality: str | None,
    made_on: date,
    *,
    made_up: bool,
) -> str:
    """Name a reader finds again.

    Args:
        municipality: 団体名; None leaves it out.
    """
    subject = f"{procurement.label}後乗り"
    return request_file_name(
        subject, cost.first.fiscal_year, municipality, made_on, made_up=made_up
    )
