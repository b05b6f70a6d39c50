"""Fill an empty database from data/ (初期データ)."""

from __future__ import annotations

from datetime import datetime

from core.access.principal import INITIAL_DATA
from core.reference.ledger_seed import seed_events
from core.reference.pack import Reference
from core.store.catalogue import fill_catalogue
from core.store.ledger import fill_ledger
from core.store.parameters import fill_parameters
from core.store.trainings import fill_trainings
from core.store.work import Work, command


@command("initial_data:fill", "初期データの記録")
def fill_initial_data(work: Work, *, reference: Reference, now: datetime) -> None:
    """Fill what is still empty; at every later start there is nothing to do, and nothing is said."""
    filled = {
        "catalogue": fill_catalogue(work.session, reference, work.now, INITIAL_DATA),
        "parameters": fill_parameters(work.session, reference.parameters),
        "events": fill_ledger(work.session, seed_events(reference, work.now)),
        "trainings": fill_trainings(work.session, reference.trainings, work.now),
    }
    if any(filled.values()):
        work.audit("", **filled)
