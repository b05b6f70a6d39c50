"""The files of a request or a message, as they are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.consultation.attachment import EXTENSIONS, MAX_BYTES, MAX_FILES, OfferedFile


def file_field(key: str) -> Sequence[OfferedFile]:
    """Choose files; what may be kept is told by the command, from their content."""
    chosen = st.file_uploader(
        f"添付({MAX_FILES}個まで、1個{MAX_BYTES // 1024 // 1024}MBまで)",
        type=list(EXTENSIONS),
        accept_multiple_files=True,
        key=key,
        max_upload_size=MAX_BYTES // 1024 // 1024,
        help="PDF、docx・xlsx・pptx、PNG、JPEG、テキスト、CSV。マクロ入りのファイルは添付できません。",
    )
    return [OfferedFile(file.name, file.getvalue()) for file in chosen]
