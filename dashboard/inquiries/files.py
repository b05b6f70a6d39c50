"""照会の書出し: the files of an inquiry's answers."""

from __future__ import annotations

from core.views.inquiries import InquiryAnswer


def draw_files(found: InquiryAnswer) -> None:
    """Buttons that make them."""
