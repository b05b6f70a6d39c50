"""Settings from the environment (NORIAI_*), each with a default that is safe."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.mail import read_mail_server
from core.values.errors import SettingsError

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT / "data"
"""The reference files shipped with the project."""
_PREFIX = "NORIAI_"


class Settings(BaseSettings):
    """What the environment may decide.

    Attributes:
        database_url: ``sqlite:///…`` (relative to the project) or ``postgresql+psycopg://…``.
        base_url: Address readers use, for links in messages; no trailing slash.
        smtp_url: Mail server and sender, as :func:`core.mail.read_mail_server` reads it; empty
            means no mail is ever sent.
        today: A fixed day for tests and demonstrations; the screen says so.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

    database_url: str = "sqlite:///var/noriai.db"
    base_url: str = "http://127.0.0.1:8501"
    smtp_url: str = ""
    today: date | None = None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("接続先として読めません(例: sqlite:///var/noriai.db)") from None
        if url.drivername not in ("sqlite", "postgresql+psycopg"):
            raise ValueError("sqlite:///… か postgresql+psycopg://… を指定してください")
        return value

    @field_validator("base_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("http:// か https:// で始まるアドレスを指定してください")
        try:
            parts.port  # noqa: B018  read to be refused
        except ValueError:
            raise ValueError("ポートは1から65535で指定してください") from None
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError("サーバーの名前と、あればポートとパスだけを指定してください")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _mail_address(cls, value: str) -> str:
        if value:
            read_mail_server(value)
        return value

    @field_validator("today", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @property
    def database(self) -> URL:
        """The database address; a relative SQLite file lies below the project."""
        url = make_url(self.database_url)
        if url.drivername == "sqlite" and url.database and url.database != ":memory:":
            return url.set(database=str(PROJECT / url.database))
        return url

    def masked(self) -> dict[str, str]:
        """Every setting as text, secrets hidden."""
        return {
            "NORIAI_DATABASE_URL": make_url(self.database_url).render_as_string(hide_password=True),
            "NORIAI_BASE_URL": self.base_url,
            "NORIAI_SMTP_URL": _without_password(self.smtp_url) or "(メール送信なし)",
            "NORIAI_TODAY": self.today.isoformat() if self.today else "(実際の日付)",
        }


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return address.replace(f":{parts.password}@", ":***@") if parts.password else address


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: A value that cannot work, a name that nothing reads; one Japanese line that
            names the variable.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = _PREFIX + str(first["loc"][0]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        if first["type"].startswith("date"):
            reason = "日付は2023-04-01の形で指定してください"
        shown = _without_password(str(first["input"]))
        raise SettingsError(f"設定 {name} が使えません: {reason}({shown})") from None


def _refuse_unknown(names: Iterable[str]) -> None:
    """A name typed wrongly would leave the default in force without a word."""
    known = [field.upper() for field in Settings.model_fields]
    for name in names:
        what = name.upper().removeprefix(_PREFIX)
        if what == name.upper() or what in known:
            continue
        near = get_close_matches(what, known, 1)
        usable = f"使えるもの: {'、'.join(_PREFIX + each for each in known)}"
        meant = f"{_PREFIX}{near[0]} ではありませんか。" if near else usable
        raise SettingsError(f"設定 {name} はありません。{meant}")
