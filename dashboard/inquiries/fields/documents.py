"""資料・添付: a file to download, after what was found in it is said."""

from __future__ import annotations

import streamlit as st

from core.inquiry.document import InquiryFile
from dashboard.kit.chosen_file import size_text
from dashboard.kit.typed import escaped


def file_address(file: InquiryFile, lg_code: str) -> str:
    """Where a municipality downloads a file; permission is asked there, at that moment."""
    return f"/attachments/inquiries/{lg_code}/{file.file_id}"


def draw_document(file: InquiryFile, address: str) -> None:
    """A way to a file; of one that holds more than is seen, what, before it opens."""
    label = escaped(f"{file.name}({size_text(file.size)})")
    if not file.findings:
        st.link_button(label, address, icon=":material/attach_file:")
        return
    found = "。".join(each.label for each in file.findings)
    with st.popover(label, icon=":material/warning:", key=f"inquiry.file.{file.file_id}"):
        st.warning(
            f"{escaped(found)}。心当たりがなければ、開く前に送り主に確かめてください。",
            icon=":material/warning:",
        )
        st.link_button("確かめたので開く", address, icon=":material/download:")
