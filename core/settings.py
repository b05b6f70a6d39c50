"""Settings from the environment (NORIAI_*), each with a default that is safe."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.mail import read_mail_server
from core.values.errors import SettingsError

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT / "data"
"""The reference files shipped with the project."""
DISCOVERY = "/.well-known/openid-configuration"
_PREFIX = "NORIAI_"


class Settings(BaseSettings):
    """What the environment may decide.

    Attributes:
        database_url: ``sqlite:///…`` (relative to the project) or ``postgresql+psycopg://…``.
        base_url: Address readers use, for links in messages; no trailing slash.
        smtp_url: Mail server and sender, as :func:`core.mail.read_mail_server` reads it; empty
            means no mail is ever sent.
        oidc_discovery_url: ``…/.well-known/openid-configuration`` of the provider of 組織アカウント;
            empty means there is none.
        oidc_client_id, oidc_client_secret: What the provider knows this program by.
        oidc_strength: ``claim=value`` the ID token must say of how somebody signed in (``amr=mfa``);
            empty: any way.
        oidc_role_claim: Claim of the ID token that holds the role's value, or a list of values.
        oidc_secretariat, oidc_officer, oidc_adviser, oidc_viewer: Value that makes one; empty for
            none.
        oidc_municipality_claim: Claim that holds an officer's 団体コード.
        oidc_vendor_claim: Claim that holds the name of an adviser's 事業者.
        password_sign_in: Whether the form for user name and password is there.
        today: A fixed day for tests and demonstrations; the screen says so.
        trusted_proxies: Addresses or networks, separated by commas, whose word on who asks through
            them is believed; empty: nobody's.
        metrics_address: ``127.0.0.1:9464``, where the operator's monitoring reads; empty: nowhere.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

    database_url: str = "sqlite:///var/noriai.db"
    base_url: str = "http://127.0.0.1:8501"
    smtp_url: str = ""
    oidc_discovery_url: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_strength: str = ""
    oidc_role_claim: str = "noriai_role"
    oidc_secretariat: str = ""
    oidc_officer: str = ""
    oidc_adviser: str = ""
    oidc_viewer: str = ""
    oidc_municipality_claim: str = "lg_code"
    oidc_vendor_claim: str = "noriai_vendor"
    password_sign_in: bool = True
    today: date | None = None
    trusted_proxies: str = ""
    metrics_address: str = ""

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

    @field_validator("oidc_discovery_url")
    @classmethod
    def _provider_address(cls, value: str) -> str:
        parts = urlsplit(value)
        safe = parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
        )
        if value and not (safe and parts.netloc and parts.path.endswith(DISCOVERY)):
            raise ValueError(f"https:// で始まり {DISCOVERY} で終わるアドレスを指定してください")
        return value

    @field_validator("oidc_client_id", "oidc_client_secret", "oidc_role_claim")
    @classmethod
    def _needed_by_provider(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_discovery_url") and not value:
            raise ValueError("NORIAI_OIDC_DISCOVERY_URL を使うときは必要です")
        return value

    @field_validator("oidc_strength")
    @classmethod
    def _claim_and_value(cls, value: str) -> str:
        if value and not re.fullmatch("[^=]+=.+", value):
            raise ValueError("「項目=値」の形で指定してください(例: amr=mfa)")
        return value

    @field_validator("oidc_viewer")
    @classmethod
    def _roles_apart(cls, value: str, info: ValidationInfo) -> str:
        others = ("oidc_secretariat", "oidc_officer", "oidc_adviser")
        roles = [*(info.data.get(name) for name in others), value]
        used = [role for role in roles if role]
        if info.data.get("oidc_discovery_url") and not used:
            raise ValueError(
                "NORIAI_OIDC_SECRETARIAT、NORIAI_OIDC_OFFICER、NORIAI_OIDC_ADVISER、"
                "NORIAI_OIDC_VIEWER のどれかに"
                "権限を表す値を指定してください"
            )
        if len(used) != len(set(used)):
            raise ValueError("事務局・市町村職員・アドバイザー・閲覧者の値は別々にしてください")
        return value

    @field_validator("password_sign_in", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object, info: ValidationInfo) -> object:
        if str(value).lower() not in ("true", "false"):
            raise ValueError("true か false を指定してください")
        if str(value).lower() == "false" and not info.data.get("oidc_discovery_url"):
            raise ValueError("NORIAI_OIDC_DISCOVERY_URL がないと、だれもサインインできません")
        return value

    @field_validator("today", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for each in filter(None, map(str.strip, value.split(","))):
            try:
                ip_network(each)
            except ValueError:
                raise ValueError("127.0.0.1,10.0.0.0/8 の形で指定してください") from None
        return value

    @field_validator("metrics_address")
    @classmethod
    def _address_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not (host and port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
            raise ValueError("127.0.0.1:9464 の形で指定してください")
        return value

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
            "NORIAI_OIDC_DISCOVERY_URL": self.oidc_discovery_url or "(組織アカウントなし)",
            "NORIAI_OIDC_CLIENT_ID": self.oidc_client_id,
            "NORIAI_OIDC_CLIENT_SECRET": "***" if self.oidc_client_secret else "",
            "NORIAI_OIDC_STRENGTH": self.oidc_strength or "(方法を問わない)",
            "NORIAI_OIDC_ROLE_CLAIM": self.oidc_role_claim,
            "NORIAI_OIDC_SECRETARIAT": self.oidc_secretariat,
            "NORIAI_OIDC_OFFICER": self.oidc_officer,
            "NORIAI_OIDC_ADVISER": self.oidc_adviser,
            "NORIAI_OIDC_VIEWER": self.oidc_viewer,
            "NORIAI_OIDC_MUNICIPALITY_CLAIM": self.oidc_municipality_claim,
            "NORIAI_OIDC_VENDOR_CLAIM": self.oidc_vendor_claim,
            "NORIAI_PASSWORD_SIGN_IN": "true" if self.password_sign_in else "false",
            "NORIAI_TODAY": self.today.isoformat() if self.today else "(実際の日付)",
            "NORIAI_TRUSTED_PROXIES": self.trusted_proxies or "(なし)",
            "NORIAI_METRICS_ADDRESS": self.metrics_address or "(なし)",
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
