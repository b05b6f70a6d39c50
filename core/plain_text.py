"""Text people typed: half-width kana made full width, what no other machine shows refused."""

from __future__ import annotations

import re
import unicodedata

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_ADDRESS = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]*[A-Za-z0-9_%+-])?"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_LONGEST_ADDRESS = 254
_KEPT_CONTROLS = "\n\t"


def read_text(
    label: str, text: str, *, longest: int, required: bool = True, one_line: bool = False
) -> str:
    """Text as it is kept: trimmed, line ends as one character, half-width kana full width.

    Emoji and every character of Unicode that has a meaning stay as they are. 外字 (private use)
    look different on every machine, so they are refused and not replaced.

    Args:
        label: Name of the field, for the message.
        text: As typed.
        longest: Most characters after trimming.
        required: Whether nothing at all is refused.
        one_line: Line breaks become spaces.

    Raises:
        ValueError: The message is Japanese and says which character stands in the way.

    Examples:
        >>> read_text("件名", " ﾃﾚﾜｰｸの相談😀\\r\\n", longest=60, one_line=True)
        'テレワークの相談😀'
    """
    kept = _HALF_WIDTH_KANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    kept = kept.replace("\r\n", "\n").replace("\r", "\n").strip()
    if one_line:
        kept = " ".join(kept.split())
    if required and not kept:
        raise ValueError(f"{label}を入力してください。")
    if len(kept) > longest:
        raise ValueError(f"{label}は{longest:,}文字以内で入力してください(現在{len(kept):,}文字)。")
    for place, character in enumerate(kept, start=1):
        _refuse_unreadable(label, place, character)
    return kept


def _refuse_unreadable(label: str, place: int, character: str) -> None:
    kind = unicodedata.category(character)
    code = f"U+{ord(character):04X}"
    if kind == "Co":
        raise ValueError(
            f"{label}の{place}文字目が外字({code})で、他の端末では表示できません。"
            "別の字かひらがなに置き換えてください。"
        )
    if kind in ("Cs", "Cn") or (kind == "Cc" and character not in _KEPT_CONTROLS):
        raise ValueError(
            f"{label}の{place}文字目に表示できない文字({code})があります。消してからやり直してください。"
        )


def read_mail_address(label: str, text: str) -> str:
    """A mail address, full-width characters made half width.

    Raises:
        ValueError: Not an address; the message is Japanese.

    Examples:
        >>> read_mail_address("メール", "ｄｘ@city.example.lg.jp")
        'dx@city.example.lg.jp'
    """
    address = unicodedata.normalize("NFKC", text).strip()
    if not address:
        raise ValueError(f"{label}を入力してください。")
    if len(address) > _LONGEST_ADDRESS or ".." in address or not _ADDRESS.fullmatch(address):
        raise ValueError(
            f"{label}「{address[:60]}」はメールアドレスとして使えません"
            "(例: dx@city.example.lg.jp)。"
        )
    return address
