"""What a consultation is about, and how it is held."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Theme(StrEnum):
    """相談テーマ: the six 重点取組事項 of menu ア, and menu イ and ウ.

    Source:
        data/advisors.yaml, guide.menu; a test compares the words.
    """

    STANDARDIZATION = "standardization"
    MY_NUMBER_CARD = "my_number_card"
    ONLINE_PROCEDURES = "online_procedures"
    AI_RPA = "ai_rpa"
    TELEWORK = "telework"
    SECURITY = "security"
    JOINT_SYSTEMS = "joint_systems"
    DAILY_WORK = "daily_work"

    @property
    def label(self) -> str:
        """As the menu prints it."""
        return _THEMES[self][1]

    @property
    def menu(self) -> str:
        """Key of the menu item it belongs to: ア, イ or ウ."""
        return _THEMES[self][0]


_THEMES: Mapping[Theme, tuple[str, str]] = MappingProxyType(
    {
        Theme.STANDARDIZATION: ("ア", "自治体の情報システムの標準化・共通化"),
        Theme.MY_NUMBER_CARD: ("ア", "マイナンバーカードの普及促進"),
        Theme.ONLINE_PROCEDURES: ("ア", "自治体の行政手続のオンライン化"),
        Theme.AI_RPA: ("ア", "自治体のAI-RPAの利用促進"),
        Theme.TELEWORK: ("ア", "テレワークの推進"),
        Theme.SECURITY: ("ア", "セキュリティ対策の徹底"),
        Theme.JOINT_SYSTEMS: ("イ", "情報システムの共同化"),
        Theme.DAILY_WORK: ("ウ", "日常業務(その他)"),
    }
)


class MeetingForm(StrEnum):
    """How a consultation or a hearing is held (相談の形式)."""

    ON_SITE = "on_site"
    ONLINE = "online"
    EITHER = "either"
    WRITTEN = "written"

    @property
    def label(self) -> str:
        """訪問, オンライン, どちらでもよい, 書面回答."""
        return {
            "on_site": "訪問",
            "online": "オンライン",
            "either": "どちらでもよい",
            "written": "書面回答",
        }[self.value]
