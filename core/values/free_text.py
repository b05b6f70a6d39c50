"""What people type: cleaned, bounded, searchable; nothing a name may contain is lost."""

from __future__ import annotations

import re
import unicodedata

LINE, TEXT = 200, 4000
"""Longest one-line and longest many-line text, characters."""
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_LONGEST_MAIL, _LONGEST_LOCAL = 254, 64


def cleaned(text: str) -> str:
    """Text as it is kept: half-width kana full width, line ends one character, no outer space.

    Everything else stays as typed: emoji and variant characters belong to names.

    Examples:
        >>> cleaned(" ﾃﾞｼﾞﾀﾙ担当 髙﨑\\r\\n")
        'デジタル担当 髙﨑'
    """
    widened = _HALF_WIDTH_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return widened.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_problem(label: str, text: str, longest: int, *, required: bool = False) -> str | None:
    """What stands against a cleaned text, in one sentence; None when nothing does.

    外字 (private use) look different on every machine, so they are refused, not replaced.

    Args:
        label: 項目名 for the message.
        text: As :func:`cleaned` left it; line ends are allowed in texts longer than a line only.
        longest: Most characters.
        required: Empty is refused.

    Examples:
        >>> text_problem("題名", "あ" * 201, LINE)
        '題名は200文字以内で入力してください(現在201文字)。'
    """
    if required and not text:
        return f"{label}を入力してください。"
    if len(text) > longest:
        return f"{label}は{longest:,}文字以内で入力してください(現在{len(text):,}文字)。"
    for position, character in enumerate(text, start=1):
        if unicodedata.category(character) == "Co":
            return (
                f"{label}の{position}文字目が外字(U+{ord(character):04X})で、他の端末では表示できません。"
                "別の字かひらがなに置き換えてください。"
            )
        if _unusable(character, many_lines=longest > LINE):
            return (
                f"{label}の{position}文字目に使えない制御文字(U+{ord(character):04X})があります。"
                "消してから入力してください。"
            )
    return None


def _unusable(character: str, *, many_lines: bool) -> bool:
    if character in "\n\t":
        return not many_lines
    kind = unicodedata.category(character)
    noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return kind in ("Cc", "Cs", "Zl", "Zp") or character in _STEERING or noncharacter


def read_text(
    label: str, text: str, longest: int, *, required: bool = True, one_line: bool = False
) -> str:
    """Text as it is kept, when nothing stands against it.

    Args:
        label: 項目名 for the message.
        text: As typed.
        longest: Most characters after cleaning.
        required: Empty is refused.
        one_line: Line ends become spaces.

    Raises:
        ValueError: What :func:`text_problem` says.

    Examples:
        >>> read_text("件名", " ﾃﾚﾜｰｸの相談😀\\r\\n", 60, one_line=True)
        'テレワークの相談😀'
    """
    kept = cleaned(text)
    if one_line:
        kept = " ".join(kept.split())
    if problem := text_problem(label, kept, longest, required=required):
        raise ValueError(problem)
    return kept


def mail_address(text: str) -> str:
    """A mail address as it is kept: half width, no outer space, domain in lower case.

    Examples:
        >>> mail_address(" ｔａｒｏ＠City.Osaka.lg.jp ")
        'taro@city.osaka.lg.jp'
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    local, at, domain = plain.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def mail_problem(address: str) -> str | None:
    """Why an address from :func:`mail_address` cannot be written to; None when it can.

    Examples:
        >>> mail_problem("taro@city.osaka.lg.jp")
        >>> mail_problem("taro")
        'メールアドレスとして使えません: taro(例: taro@city.example.lg.jp)'
    """
    if not address:
        return "メールアドレスを入力してください。"
    local = address.rpartition("@")[0]
    if (
        _MAIL.fullmatch(address) is None
        or len(address) > _LONGEST_MAIL
        or len(local) > _LONGEST_LOCAL
    ):
        shown = "".join(character for character in address[:60] if character.isprintable())
        return f"メールアドレスとして使えません: {shown}(例: taro@city.example.lg.jp)"
    return None


def read_mail_address(text: str) -> str:
    """A mail address as it is kept, when it can be written to.

    Raises:
        ValueError: What :func:`mail_problem` says.
    """
    address = mail_address(text)
    if problem := mail_problem(address):
        raise ValueError(problem)
    return address


def search_key(text: str) -> str:
    """Text as it is searched: width, case and kind of kana make no difference.

    Examples:
        >>> search_key("ﾃﾞｼﾞﾀﾙ") == search_key("でじたる") == search_key("デジタル")
        True
        >>> search_key("ＡＩ－ＯＣＲ")
        'ai-ocr'
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.translate(_HIRAGANA).split())
