"""What a consultation is about, and how it is held."""

from __future__ import annotations

from core.values.label import Labelled


class Theme(Labelled):
    """相談テーマ: the six 重点取組事項 of menu ア, and menu イ and ウ.

    Source:
        data/advisors.yaml, guide.menu; a test compares the words.
    """

    STANDARDIZATION = "standardization", "自治体の情報システムの標準化・共通化", "ア"
    MY_NUMBER_CARD = "my_number_card", "マイナンバーカードの普及促進", "ア"
    ONLINE_PROCEDURES = "online_procedures", "自治体の行政手続のオンライン化", "ア"
    AI_RPA = "ai_rpa", "自治体のAI-RPAの利用促進", "ア"
    TELEWORK = "telework", "テレワークの推進", "ア"
    SECURITY = "security", "セキュリティ対策の徹底", "ア"
    JOINT_SYSTEMS = "joint_systems", "情報システムの共同化", "イ"
    DAILY_WORK = "daily_work", "日常業務(その他)", "ウ"

    @property
    def menu(self) -> str:
        """Key of the menu item it belongs to: ア, イ or ウ."""
        return self.words[1]


class MeetingForm(Labelled):
    """How a consultation or a hearing is held (相談の形式)."""

    ON_SITE = "on_site", "訪問"
    ONLINE = "online", "オンライン"
    EITHER = "either", "どちらでもよい"
    WRITTEN = "written", "書面回答"
