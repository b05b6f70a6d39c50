"""Fill an empty database from a pack (初期データ)."""

from __future__ import annotations

from datetime import datetime

from core.access.principal import INITIAL_DATA
from core.params import definitions
from core.reference.ledger_seed import seed_events
from core.reference.pack import Reference
from core.reference.parameters import needed
from core.store.catalogue import catalogue_in, fill_catalogue
from core.store.ledger import fill_ledger
from core.store.parameters import fill_parameters
from core.store.trainings import fill_trainings
from core.store.work import Work, command


@command("initial_data:fill", "初期データの記録")
def fill_initial_data(work: Work, *, reference: Reference, now: datetime) -> None:
    """Fill an empty database; at every later start there is nothing to do, and nothing is said.

    One that was filled, maybe from another pack, only gets first values of 制度値 that came with a
    release since: what the program needs there, and what rests on a source that is known there.
    """
    known = catalogue_in(work.session)
    if known.published:
        ours = known.of(known.published[-1])
        usable, must = definitions(ours.offers), needed(ours.offers)
        since = [
            each
            for each in reference.parameters
            if each.name in must or (each.name in usable and each.source in ours.sources)
        ]
        filled = {"parameters": fill_parameters(work.session, since)}
    else:
        filled = {
            "catalogue": fill_catalogue(work.session, reference, work.now, INITIAL_DATA),
            "parameters": fill_parameters(work.session, reference.parameters),
            "events": fill_ledger(work.session, seed_events(reference, work.now)),
            "trainings": fill_trainings(work.session, reference.training_year, work.now),
        }
    if any(filled.values()):
        work.audit("", **filled)
