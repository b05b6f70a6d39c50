"""``noriai purge``."""

from __future__ import annotations

import argparse
import json

from core.access.principal import CONSOLE
from core.cli.context import engine, now
from core.cli.parser import Commands
from core.commands.purge import (
    delete_former_contacts,
    delete_former_experts,
    delete_old_contacts,
    purge_personal_data,
)


def add_to(commands: Commands) -> None:
    """``purge``."""
    purge = commands.add_parser("purge", help="保存期間を過ぎた個人情報を削除する")
    purge.add_argument("--json", action="store_true", help="機械が読む形で出力する")
    purge.set_defaults(run=_purge)


def _purge(options: argparse.Namespace) -> None:
    database, moment = engine(), now()
    done = purge_personal_data(database, CONSOLE, now=moment)
    contacts = delete_old_contacts(database, CONSOLE, now=moment)
    former = delete_former_contacts(database, CONSOLE, now=moment)
    gone = delete_former_experts(database, CONSOLE, now=moment)
    if options.json:
        print(
            json.dumps(
                {
                    "before": done.before.isoformat(),
                    "sessions": done.sessions,
                    "people": done.people,
                    "contacts": contacts,
                    "former_contacts": former,
                    "former_experts": gone,
                }
            )
        )
        return
    print(
        f"{done.before.isoformat()}より前の{done.sessions}日程の申込者"
        f"{done.people}人の個人情報を削除しました。"
        if done.people
        else f"{done.before.isoformat()}より前の日程に、削除する個人情報はありません。"
    )
    print(
        f"終わった相談の担当者{contacts}人の個人情報を削除しました。"
        if contacts
        else "終わった相談に、削除する担当者の個人情報はありません。"
    )
    print(
        f"任期の終わった市町村の担当者{former}人の個人情報を削除しました。"
        if former
        else "任期の終わった市町村の担当者に、削除する個人情報はありません。"
    )
    print(
        f"離任した専門人材{gone}人の個人情報を削除しました。"
        if gone
        else "離任した専門人材に、削除する個人情報はありません。"
    )
