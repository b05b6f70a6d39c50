"""Text to take elsewhere: a field that can be read and marked, and a button that copies it.

``st.code`` brings a syntax highlighter of every language (450 KB) for the same (docs/decisions.md).
"""

from __future__ import annotations

import streamlit as st

from dashboard.kit.cards import plain


def copied(text: str, label: str = "アドレス") -> None:
    """A text as it is, to copy.

    Args:
        label: What it is; stands above it.
    """
    st.html(
        f'<div class="noriai-copied"><label><span>{plain(label)}</span>'
        f'<textarea readonly rows="1" spellcheck="false" aria-label="{plain(label)}">\n{plain(text)}</textarea></label>'
        f'<button type="button" data-copy aria-label="{plain(label)}をコピー">コピー</button>'
        '<span role="status"></span></div>'
    )
