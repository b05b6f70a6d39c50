"""What people type: one declaration a field, one rule for all of them, one key to search by.

Characters that cannot be seen and mean nothing are removed; what no other machine shows, or what
turns the writing direction, is refused by name and position; nothing else a name may hold is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")

LINE, TEXT = 200, 4000
"""Usual most characters of one line and of many."""

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]+"
)
"""Cannot be seen and mean nothing in Japanese: U+200B, U+FEFF, U+00AD, U+2060 and the like."""
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0020-\U000e007f]+")
"""Belong to a flag, and to nothing else."""
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY_SELECTOR = re.compile(f"(?:^|(?<=[\\s\u200d{_SELECTORS}]))[{_SELECTORS}]+")
"""A variation selector that follows no character."""
_JOINER = "\u200d"
_MODIFIERS = frozenset("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\U000e007f")
_VARIANTS = re.compile(f"[{_JOINER}{_SELECTORS}]+")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Windows puts them into every date that is copied from a file's properties."""
_BLANKS = "\t\n " + "".join(
    map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
)

_TOUCHED = re.compile(
    "[\r\u00ad\u0300-\u036f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u206f\u3099\u309a"
    "\u3164\ufe00-\ufe0f\ufeff\uff61-\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Whatever :func:`cleaned` does anything about besides outer blanks; a test compares the two."""

_NAMES = {
    0x0000: "ヌル文字",
    0x0007: "ベル",
    0x0008: "後退",
    0x0009: "タブ",
    0x000A: "改行",
    0x000B: "垂直タブ",
    0x000C: "改ページ",
    0x001B: "エスケープ",
    0x007F: "削除",
    0x0085: "改行",
    0x061C: "アラビア文字の書字方向",
    0x200E: "左から右への印",
    0x200F: "右から左への印",
    0x2028: "行の区切り",
    0x2029: "段落の区切り",
    0x202A: "左から右への埋め込み",
    0x202B: "右から左への埋め込み",
    0x202C: "書字方向の指定の終わり",
    0x202D: "左から右への上書き",
    0x202E: "右から左への上書き",
    0x2066: "左から右への分離",
    0x2067: "右から左への分離",
    0x2068: "書字方向の分離",
    0x2069: "書字方向の分離の終わり",
    0xFFF9: "注釈の始まり",
    0xFFFA: "注釈の区切り",
    0xFFFB: "注釈の終わり",
    0xFFFD: "文字化けの跡",
}
_KINDS = {"Cc": "制御文字", "Cs": "文字の片割れ", "Zl": "行の区切り", "Zp": "段落の区切り"}
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_REFUSED_IN_LINES = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    f"\ue000-\uf8ff\ufff9-\ufffb\ufffd\U000f0000-\U0010ffff{_NONCHARACTERS}"
)
_REFUSED = re.compile(f"[{_REFUSED_IN_LINES}]")
_NOT_SHOWN = "〓"
_LOST = "\ufffd"
"""Stands where a program met bytes it could not read: the character itself is gone."""
_REFUSED_IN_A_LINE = re.compile(f"[\t\n{_REFUSED_IN_LINES}]")


def cleaned(text: str) -> str:
    """Text as it is kept: nothing unseen, half-width kana full width, no outer blanks.

    Everything else stays as typed: emoji and variant characters belong to names, so a variation
    selector stays behind its character and a joiner between two emoji.

    Examples:
        >>> cleaned(" ﾃﾞｼﾞﾀﾙ担当\\u200b 髙﨑\\r\\n")
        'デジタル担当 髙﨑'
    """
    if not _TOUCHED.search(text):  # most texts, a hundred thousand at a time when a file comes in
        return text.strip(_BLANKS)
    return _cleaned(text)


def _cleaned(text: str) -> str:
    seen = _seen(text)
    widened = _HALF_WIDTH_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), seen)
    widened = composed(widened)
    return widened.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


_MARKED = re.compile(".[\u0300-\u036f\u3099\u309a]+")
"""A character and the marks that belong onto it, as some systems keep か゛ for が."""


def composed(text: str) -> str:
    """Text with marks and their characters as one, as everybody types them.

    Nothing else is normalised: NFC would exchange characters of names (U+FA19 for U+795E).

    Examples:
        >>> composed("が\\u30d5\\u309a") == "がプ", composed("\\ufa19") == "\\ufa19"
        (True, True)
    """
    if not _MARKED.search(text):
        return text
    return _MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def visible(text: str) -> str:
    """Text of whatever age as a screen and a file show it: what nobody may type is a 〓 there.

    Examples:
        >>> visible("表示\\u202e名\\u200b")
        '表示〓名'
    """
    seen = _seen(text.replace("\r\n", "\n").replace("\r", "\n"))
    return _REFUSED.sub(_NOT_SHOWN, seen)


def _seen(text: str) -> str:
    seen = _TAGS.sub(lambda found: found[1] or "", _UNSEEN.sub("", text))
    seen = _STRAY_SELECTOR.sub("", seen)
    if _JOINER in seen:
        seen = "".join(
            character
            for index, character in enumerate(seen)
            if character != _JOINER or _joins(seen, index)
        )
    return seen


def _joins(text: str, index: int) -> bool:
    """Whether the joiner at a place stands between two emoji."""
    before, after = text[max(index - 1, 0)], text[index + 1 : index + 2]
    picture = before in _MODIFIERS or unicodedata.category(before) == "So"
    return picture and after != "" and unicodedata.category(after) == "So"


def character_name(character: str) -> str:
    """A character that cannot be shown, by its number and what it is.

    Examples:
        >>> character_name("\\u202e")
        'U+202E 右から左への上書き'
    """
    code = ord(character)
    kind = _KINDS.get(unicodedata.category(character), "外字" if _private(character) else "非文字")
    return f"U+{code:04X} {_NAMES.get(code, kind)}"


def refused_character(text: str) -> str | None:
    """The first character of a text of several lines that nobody may type, by its name.

    Examples:
        >>> refused_character("表示\\u202e名"), refused_character("髙﨑\\n😀")
        ('U+202E 右から左への上書き', None)
    """
    found = _REFUSED.search(text)
    return character_name(found[0]) if found else None


def _private(character: str) -> bool:
    return unicodedata.category(character) == "Co"


def _character_problem(label: str, kept: str, *, lines: bool) -> str | None:
    found = (_REFUSED if lines else _REFUSED_IN_A_LINE).search(kept)
    if found is None:
        return None
    where = f"{label}の{found.start() + 1}文字目に"
    name = character_name(found[0])
    if _private(found[0]):
        return (
            f"{where}他の端末では表示できない文字「{name}」があります。"
            "別の字かひらがなに置き換えてください。"
        )
    if found[0] == _LOST:
        return (
            f"{where}読めなくなった文字「{name}」があります。元の文字を確かめて入力してください。"
        )
    return f"{where}使えない文字「{name}」があります。消してから入力してください。"


@dataclass(frozen=True)
class Text:
    """A field people type into, declared once for its check, its message and its screen.

    Attributes:
        longest: Most characters.
        example: What an empty field is told to hold; empty for nothing more than the name.
    """

    label: str
    longest: int
    lines: bool = False
    optional: bool = False
    example: str = ""

    def read(self, text: str, of: str = "") -> str:
        """Text as it is kept.

        Args:
            of: What the field belongs to, before its name in a message: 「資料2の」.

        Raises:
            ValueError: What stands against it, in one sentence.

        Examples:
            >>> Text("件名", 60).read(" ﾃﾚﾜｰｸの相談😀 ")
            'テレワークの相談😀'
            >>> Text("題名", LINE).read("あ" * 201)
            Traceback (most recent call last):
            ValueError: 題名は200文字以内で入力してください(現在201文字、1文字多い)。
        """
        kept = cleaned(text)
        label = f"{of}{self.label}"
        if not kept and not self.optional:
            example = f"({self.example})" if self.example else ""
            raise ValueError(f"{label}を入力してください{example}。")
        if len(kept) > self.longest:
            raise ValueError(
                f"{label}は{self.longest:,}文字以内で入力してください"
                f"(現在{len(kept):,}文字、{len(kept) - self.longest:,}文字多い)。"
            )
        if problem := _character_problem(label, kept, lines=self.lines):
            raise ValueError(problem)
        return kept

    def read_into(self, problems: dict[str, str], key: str, text: str, of: str = "") -> str:
        """Text as it is kept; what stands against it becomes a problem, and the text empty."""
        try:
            return self.read(text, of)
        except ValueError as error:
            problems[key] = str(error)
            return ""


def declared_texts(hints: Mapping[str, object]) -> dict[str, Text]:
    """The fields among type hints with extras: ``Annotated[str, Text(…)]``, by name."""
    found: dict[str, Text] = {}
    for name, hint in hints.items():
        for extra in getattr(hint, "__metadata__", ()):
            if isinstance(extra, Text):
                found[name] = extra
    return found


def read_form(form: T, problems: dict[str, str], *, key: str = "", of: str = "") -> T:
    """A form with every text its class declares as it is kept.

    Args:
        form: A dataclass whose texts are ``Annotated[str, Text(…)]``; of ``str | None`` an empty
            one is kept as None.
        problems: Receives what stands against each, by field.
        key: Stands before the name of the field: ``materials.2.``.
        of: Stands before the label: 「資料2の」.
    """
    if not is_dataclass(form) or isinstance(form, type):
        raise TypeError(f"no form: {form!r}")
    hints = get_type_hints(type(form), include_extras=True)
    kept: dict[str, Any] = {}
    for name, text in declared_texts(hints).items():
        words = text.read_into(problems, f"{key}{name}", getattr(form, name) or "", of)
        may_be_none = type(None) in get_args(get_args(hints[name])[0])
        kept[name] = words or (None if may_be_none else "")
    return replace(form, **kept)


class MailAddress(Text):
    """A field for a mail address: half width, nothing unseen, domain in lower case."""

    def read(self, text: str, of: str = "") -> str:
        """The address as it is kept.

        Raises:
            ValueError: It cannot be written to.
        """
        address = mail_address(text)
        if not address and self.optional:
            return ""
        problem = _character_problem(self.label, address, lines=False) or mail_problem(address)
        if problem:
            raise ValueError(f"{of}{problem}")
        return address


_MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_LONGEST_LOCAL = 64
MAIL = MailAddress("メールアドレス", 254)


def mail_address(text: str) -> str:
    """A mail address as it is kept: half width, nothing unseen, domain in lower case.

    Examples:
        >>> mail_address(" ｔａｒｏ＠City.Example.lg.jp\\u200b ")
        'taro@city.example.lg.jp'
    """
    plain = unicodedata.normalize("NFKC", _VARIANTS.sub("", cleaned(text))).strip(_BLANKS)
    local, at, domain = plain.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def mail_problem(address: str) -> str | None:
    """Why an address from :func:`mail_address` cannot be written to; None when it can.

    Examples:
        >>> mail_problem("taro@city.example.lg.jp")
        >>> mail_problem("taro")
        'メールアドレスとして使えません: taro(例: taro@city.example.lg.jp)'
    """
    if not address:
        return "メールアドレスを入力してください。"
    local = address.rpartition("@")[0]
    if (
        _MAIL.fullmatch(address) is None
        or len(address) > MAIL.longest
        or len(local) > _LONGEST_LOCAL
    ):
        shown = "".join(character for character in address[:60] if character.isprintable())
        return f"メールアドレスとして使えません: {shown}(例: taro@city.example.lg.jp)"
    return None


def unadorned(text: str) -> str:
    """Text without what cannot be seen, marks of direction, and the choice of a variant's drawing.

    Examples:
        >>> unadorned("堺\\U000e0100\\u200b市")
        '堺市'
    """
    return _DIRECTIONS.sub("", _VARIANTS.sub("", _TAGS.sub("", _UNSEEN.sub("", text))))


def search_key(text: str) -> str:
    """Text as it is searched: width, case, kind of kana and variant make no difference.

    Examples:
        >>> search_key("ﾃﾞｼﾞﾀﾙ") == search_key("でじたる") == search_key("デジタル")
        True
        >>> search_key("ＡＩ－ＯＣＲ"), search_key("渡邉\\U000e0101") == search_key("渡\\u200b邉")
        ('ai-ocr', True)
    """
    plain = unadorned(text)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    return " ".join(folded.translate(_HIRAGANA).split())
