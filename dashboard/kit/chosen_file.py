"""Choosing files: what another server does not have is asked for again, never left out unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile

from core.consultation.attachment import EXTENSIONS, MAX_BYTES, MAX_FILES, OfferedFile
from dashboard.kit.upload import expect_files

_AWAITED, _EMPTIED = "chosen_file.awaited", "chosen_file.emptied"


def choose_file(label: str, *, key: str, **how: Any) -> Any:
    """``st.file_uploader`` whose files are there or missing visibly.

    A chosen file lies in the memory of the server it was sent to. When another one goes on with the
    page, the browser still shows its name, and Streamlit leaves it out without a word: a request
    would be recorded without its attachment. Here the field empties and says why, and its form is
    not taken (:func:`awaited`) until the file is there or its reader goes on without it.
    """
    times = st.session_state.get(f"{key}.again", 0)
    field = f"{key}.{times}" if times else key
    expect_files()
    chosen = st.file_uploader(label, key=field, **how)
    held = st.session_state.get(field)
    gone = any(
        isinstance(each, DeletedFile) for each in (held if isinstance(held, list) else [held])
    )
    if gone:  # drawn empty on the next run, at once; what was pressed in this one is refused first
        st.session_state[f"{key}.again"] = times + 1
        st.session_state[_EMPTIED] = True
    lost = gone or (bool(times) and not chosen)
    if lost and not gone:
        st.warning(
            "サーバーが切り替わったため、選んだファイルは届いていません。もう一度選んでください。"
            "ほかの入力はそのまま残っています。",
            icon=":material/upload_file:",
        )
        lost = not st.checkbox("ファイルを付けずに進む", key=f"{field}.without")
    before = st.session_state.get(_AWAITED, frozenset())
    st.session_state[_AWAITED] = before | {key} if lost else before - {key}
    return chosen


def file_field(key: str) -> Sequence[OfferedFile]:
    """Choose files; what may be kept is told by the command, from their content."""
    chosen = choose_file(
        f"添付({MAX_FILES}個まで、1個{MAX_BYTES // 1024 // 1024}MBまで)",
        type=list(EXTENSIONS),
        accept_multiple_files=True,
        key=key,
        max_upload_size=MAX_BYTES // 1024 // 1024,
        help="PDF、docx・xlsx・pptx、PNG、JPEG、テキスト、CSV。マクロ入りのファイルは添付できません。"
        "スクリプト、埋め込みファイル、外部リンクなどが入っていると、開く人に伝えます。",
    )
    return [OfferedFile(file.name, file.getvalue()) for file in chosen]


def awaited(form: str) -> bool:
    """Whether a file of the form did not arrive: its field's key begins with the form's name."""
    return any(key.startswith(f"{form}.") for key in st.session_state.get(_AWAITED, ()))


def draw_emptied() -> None:
    """Have the page drawn anew when a field of it empties; called after it."""
    if st.session_state.pop(_EMPTIED, False):
        st.rerun()


def size_text(size: int) -> str:
    """Bytes as a reader sees them.

    Examples:
        >>> size_text(900), size_text(1_500_000)
        ('1KB', '1.4MB')
    """
    if size < 1024 * 1024:
        return f"{-(-size // 1024)}KB"
    return f"{size / 1024 / 1024:.1f}MB"
