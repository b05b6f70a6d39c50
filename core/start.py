"""What happens once at every start: data checked, schema, what an empty database begins with."""

from __future__ import annotations

import sys
from datetime import datetime

from sqlalchemy import Engine

from core.access.principal import CONSOLE
from core.commands.accounts import add_first_account
from core.commands.initial_data import fill_initial_data
from core.reference.pack import Reference
from core.store.audit import head, log_head
from core.store.engine import reading
from core.store.schema import upgrade


def start(engine: Engine, reference: Reference, now: datetime) -> None:
    """Make the database ready; idempotent, and safe from several servers at once.

    Name and password of the first account are printed on stderr, once.

    Raises:
        ReferenceDataError: A file of data/ is broken; nothing was changed.
    """
    upgrade(engine)
    fill_initial_data(engine, CONSOLE, reference=reference, now=now)
    with reading(engine) as session:
        log_head(head(session))
    first = add_first_account(engine, CONSOLE, now=now)
    if first is not None:
        words = _FIRST_ACCOUNT.format(username=first.username, password=first.password)
        print(words, file=sys.stderr, flush=True)


_FIRST_ACCOUNT = """
────────────────────────────────────────────────
 最初の事務局アカウントを作成しました(この表示は一度だけです)
   ユーザー名: {username}
   パスワード: {password}
 最初のサインインで新しいパスワードを決めてください。
────────────────────────────────────────────────
"""
