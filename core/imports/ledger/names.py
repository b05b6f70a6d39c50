"""Who and what is meant: codes, names, systems, 区分 and 種類 as people write them.

What is only written otherwise (width, blanks, what cannot be seen, the office instead of the town)
is read and told. What is another character (髙槻市, 四条畷市) is offered as 読み替え, unless a code
beside it says the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from core.procurement.event import EventKind
from core.procurement.recording import UNCHANGED, System
from core.reference.pack import Reference
from core.values.free_text import unadorned, visible
from core.values.municipality import check_digit
from core.values.succession import Succession

_VARIANTS = (
    "髙高﨑崎嵜崎嶋島嶌島澤沢濱浜濵浜狹狭條条坂阪ケがヶがヵがカが槇槙國国櫻桜圓円廣広德徳惠恵眞真繩縄冨富邊辺邉辺齋斎齊斉龍竜瀧滝會会學学縣県攝摂寢寝豐豊曵曳栢柏嶽岳淺浅櫟檪榮栄營営圍囲"
    "壹壱驛駅應応歐欧奧奥橫横假仮價価壞壊懷懐樂楽覺覚關関觀観勸勧陷陥舊旧據拠擧挙峽峡鄕郷曉暁勳勲薰薫溪渓經経莖茎螢蛍輕軽鷄鶏藝芸擊撃缺欠儉倹劍剣圈圏檢検權権獻献險険顯顕驗験嚴厳效効恆恒"
    "黃黄鑛鉱號号濟済劑剤產産慘惨贊賛殘残絲糸齒歯兒児辭辞濕湿實実舍舎釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙將将燒焼稱称證証乘乗剩剰壤壌孃嬢讓譲釀醸觸触愼慎晉晋盡尽圖図粹粋醉酔隨随"
    "髓髄數数樞枢聲声靜静竊窃踐践錢銭潛潜纖繊禪禅雙双壯壮搜捜插挿爭争總総聰聡莊荘裝装騷騒藏蔵臟臓屬属續続墮堕體体對対帶帯滯滞臺台擇択單単擔担團団彈弾斷断遲遅晝昼蟲虫鑄鋳廳庁聽聴鎭鎮遞逓"
    "鐵鉄轉転點点傳伝燈灯當当黨党盜盗稻稲鬪闘獨独讀読屆届繼継貳弐惱悩腦脳霸覇廢廃拜拝賣売麥麦發発髮髪拔抜蠻蛮祕秘甁瓶拂払佛仏竝並變変辨弁瓣弁辯弁寶宝沒没飜翻槪概每毎萬万滿満默黙彌弥譯訳"
    "藥薬與与譽誉餘余搖揺樣様謠謡來来賴頼亂乱覽覧兩両獵猟綠緑壘塁淚涙禮礼隸隷靈霊齡齢戀恋爐炉勞労樓楼郞郎祿録灣湾吳呉渕淵渊淵埜野埼崎厲励惣総峯峰嶺峰崗岡舘館壷壺籠篭桧檜鴬鶯鴎鷗蛎蠣莱萊"
    "麹麴頬頰溌潑醤醬"
)
_ALIKE = str.maketrans(dict(zip(_VARIANTS[::2], _VARIANTS[1::2], strict=True)))
"""Old forms and characters written for one another in names of places, brought to one of them."""
_RADICALS = str.maketrans(
    "⺟⺠⺩⺬⺾⻁⻄⻅⻆⻑⻘⻝⻤⻨⻩⻫⻯⻭⻱", "母民王示艹虎西見角長青食鬼麦黄斉竜歯亀"
)
"""Radicals that NFKC leaves as they are; a PDF is copied with them."""
_OFFICES = ("役所", "役場", "市長", "町長", "村長", "知事", "庁", "御中", "各位", "様", "殿")
"""What follows a name in an address, one behind the other."""
_DEPARTMENT = re.compile(
    r"(?:役所|役場|庁)?[^区立院校会、・/他ほか]{1,20}(?:課|室|部|係|担当|グループ)長?"
)
_NOT_THE_TOWN = re.compile("水道|病院|消防|教育|議会")
"""Departments of a town, and what is a body of its own beside it."""
_MARKS = re.compile(r"^(?:[※*・●○◎◆■]|\d{1,2}[.):、]?(?=\D))+|[※*]\d*$")
"""What is drawn before or behind a name in a list."""
_BOTH = re.compile(r"(\d{5,6})[-:_/]?(\D*[都道府県市町村])|(\D*[都道府県市町村])[-:_/]?(\d{6})")
"""Code and name in one cell."""
_NONE = frozenset(("", "-", "ー", "―", "－", "–", "なし", "無し", "無", "区分なし", "該当なし", "不明", "なし・不明",
                   "区分なし・不明", "未定"))  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Whom and what a file may speak of.

    Attributes:
        participants: 団体コード → 名称.
        systems: Key of a joint procurement → what the ledger must know of it.
        areas: 団体コード → 地域, as a 郡 is called after.
        sources: Key of a source → its title.
    """

    participants: Mapping[str, str]
    systems: Mapping[str, System]
    areas: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    succession: Succession = UNCHANGED

    @classmethod
    def of(cls, reference: Reference) -> Known:
        """What the reference data know."""
        return cls(
            reference.own_names,
            reference.procurements.systems,
            {code: each.area for code, each in reference.ever.items()},
            {key: source.title for key, source in reference.sources.items()},
            reference.succession,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Who or what is meant.

    Attributes:
        key: Code of a participant, key of a programme, lot or kind; empty for no lot.
        read_as: How it was read where that is not how it is written; empty otherwise.
        correction: The same where it needs somebody's word (読み替え); empty otherwise.
    """

    key: str
    read_as: str = ""
    correction: str = ""


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Text without differences of width, blanks, and what cannot be seen.

    Examples:
        >>> plain("　堺　市 "), plain("堺\\U000e0100\\u200b市"), plain("⻑野")
        ('堺市', '堺市', '長野')
    """
    folded = unicodedata.normalize("NFKC", unadorned(text).translate(_RADICALS))
    return re.sub(r"\s", "", folded.lstrip("'"))


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: －, なし, 未定.

    Examples:
        >>> says_nothing(" 未定 "), says_nothing("A")
        (True, False)
    """
    return plain(text).casefold() in _NONE


def _form(name: str) -> str:
    return plain(name).translate(_ALIKE)


def _told(text: str, meant: str) -> str:
    """``A→B`` where B is not what stands there, apart from blanks and width."""
    seen = re.sub(r"\s", "", unicodedata.normalize("NFC", text))
    if seen == meant:
        return ""
    shown = visible(text).strip()[:40]
    return (
        f"{meant}(見えない文字を除く)" if re.sub(r"\s", "", shown) == meant else f"{shown}→{meant}"
    )


class Names:
    """Finds participants by code or name, programmes, lots and kinds by key or words."""

    def __init__(self, known: Known) -> None:
        self._known = known
        participants = known.participants
        self._exact = {plain(name): code for code, name in participants.items()}
        self._alike: dict[str, list[str]] = {}
        for code, name in participants.items():
            for form in {_form(name), _form(name)[:-1]}:
                self._alike.setdefault(form, []).append(code)
        self._prefectures = tuple(n for n in self._exact if n[-1] in "都道府県")
        bare = (re.escape(prefecture[:-1]) for prefecture in self._prefectures)
        self._said_of_many = re.compile(f"(?:{'|'.join((*bare, _SAID_OF_MANY))})+")
        self._programmes: dict[str, str] = {}
        for key, system in known.systems.items():
            for word in (key, system.label, *system.also):
                self._programmes.setdefault(_programme_form(word), key)
        titles = Counter(plain(title) for title in known.sources.values())
        self._titles = {
            plain(title): key for key, title in known.sources.items() if titles[plain(title)] == 1
        }
        self._people: dict[tuple[str, str], Found | ValueError] = {}
        self._things: dict[tuple[str, ...], Found | None] = {}

    # ── who ───────────────────────────────────────────────────────────────────────────────────

    def participant(self, code: str, name: str) -> Found:
        """Who is meant by a code, a name, or both.

        Raises:
            ValueError: Nobody, or the two do not belong together; the message is Japanese.
        """
        found = self._people.get((code, name))
        if found is None:
            try:
                found = self._participant(code, name)
            except ValueError as error:
                found = error
            self._people[code, name] = found
        if isinstance(found, ValueError):
            raise found
        return found

    def _participant(self, code: str, name: str) -> Found:
        if not plain(code) and not plain(name):
            raise ValueError("団体コードも団体名もありません。")
        if not (plain(code) and plain(name)) and (both := _BOTH.fullmatch(plain(code or name))):
            code, name = (both[1] or both[4]), (both[2] or both[3])
        by_code = self._by_code(code) if plain(code) else None
        if not plain(name):
            assert by_code is not None  # noqa: S101  one of the two is there
            return by_code
        if by_code and plain(name) == plain(self._known.participants[by_code.key]):
            return by_code  # another one may be called the same after a merger
        by_name = self._by_name(name, by_code.key if by_code else "")
        if by_code is None:
            return by_name
        if by_code.key != by_name.key:
            raise ValueError(
                f"団体コード{by_code.key}は{self._known.participants[by_code.key]}のもので、"
                f"団体名「{name[:20]}」と合いません。"
            )
        told = (by_code.read_as, by_name.read_as or by_name.correction)
        return Found(by_code.key, "、".join(filter(None, told)))

    def _by_code(self, text: str) -> Found:
        digits = re.sub(r"[-‐ー－,]", "", plain(text))
        if float_written := re.fullmatch(r"(\d+)\.0*", digits):
            digits = float_written[1]
        elif re.fullmatch(r"\d(?:\.\d+)?E\+?0*[45]", digits, re.IGNORECASE):
            number = float(digits)
            exact = len(digits.upper().partition("E")[0].replace(".", "")) >= 6  # all six shown
            if number.is_integer() and exact:
                digits = str(int(number))
        candidates = [digits]
        if re.fullmatch(r"\d{1,5}", digits):
            candidates.append(digits.zfill(6))  # a spreadsheet cuts zeros off
            if len(digits) >= 4:
                five = digits.zfill(5)
                candidates.append(five + check_digit(five))
        fits = {each for each in candidates if each in self._known.participants}
        if len(fits) != 1:
            raise ValueError(self._no_code(text, digits))
        (code,) = fits
        return Found(code, "" if plain(text) == code else f"{visible(text).strip()[:20]}→{code}")

    def _no_code(self, text: str, digits: str) -> str:
        shown = visible(text).strip()[:20]
        if re.fullmatch(r"\d{6}", digits):
            right = digits[:5] + check_digit(digits[:5])
            if right in self._known.participants:
                return (
                    f"団体コード「{shown}」は最後の桁(検査数字)が合いません。"
                    f"{self._known.participants[right]}なら{right}です。"
                )
        if re.search(r"\dE\+?\d", digits, re.IGNORECASE):
            return f"団体コード「{shown}」は表計算ソフトで桁が失われています。6桁で入れ直してください。"
        return f"団体コード「{shown}」の団体はありません。6桁の全国地方公共団体コードを入れてください。"

    def _by_name(self, text: str, code: str = "") -> Found:
        name = plain(text)
        if name in self._exact:
            code = self._exact[name]
            return Found(code, _told(text, self._known.participants[code]))
        for candidate in self._without_surroundings(name):
            if candidate in self._exact:
                code = self._exact[candidate]
                return Found(code, f"{visible(text).strip()[:40]}→{candidate}")
        for candidate in (name, *self._without_surroundings(name), re.sub(r"^.+?郡", "", name)):
            codes = self._alike.get(_form(candidate), [])
            if code in codes:
                codes = [code]
            if len(codes) == 1:
                label = self._known.participants[codes[0]]
                return Found(codes[0], correction=f"{visible(text).strip()[:40]}→{label}")
            if codes:
                named = "、".join(self._known.participants[each] for each in codes)
                raise ValueError(f"団体名「{visible(text)[:20]}」は{named}のどれか決まりません。")
        for candidate in (*self._without_surroundings(name), name):
            towns = [
                code
                for town, code in self._exact.items()
                if candidate.startswith(town)
                and town not in self._prefectures
                and _DEPARTMENT.fullmatch(behind := candidate.removeprefix(town))
                and not _NOT_THE_TOWN.search(behind)
            ]
            if len(towns) == 1:
                label = self._known.participants[towns[0]]
                return Found(towns[0], correction=f"{visible(text).strip()[:40]}→{label}")
        raise ValueError(f"団体名「{visible(text).strip()[:20]}」の団体はありません。")

    def _without_surroundings(self, name: str) -> Iterable[str]:
        """A name without its prefecture, its 郡, what stands in parentheses, its office."""
        bare = re.sub(r"^[(\[【「]([^)\]】」]*)[)\]】」]$", r"\1", _MARKS.sub("", name))
        if aside := re.search(r"(?<=.)[(\[【](.*?)[)\]】]$", bare):
            if self._is_of_another(aside[1], bare[: aside.start()]):
                return
            bare = bare[: aside.start()]
        for prefecture in self._prefectures:
            if bare.startswith(prefecture) and bare != prefecture:
                bare = bare.removeprefix(prefecture)
                break
        while office := next(
            (each for each in _OFFICES if bare.endswith(each) and bare != each), None
        ):
            bare = bare.removesuffix(office) + (office[0] if office[0] in "市町村" else "")
        yield bare
        county, separator, town = bare.partition("郡")
        if separator and self._known.areas.get(self._exact.get(town, "")) == county:
            yield town

    def _is_of_another(self, aside: str, name: str) -> bool:
        """Whether what stands in parentheses behind a name says somebody else."""
        if re.fullmatch(r"\d{5,6}", aside):
            towns = [town for town, code in self._exact.items() if code.startswith(aside)]
            known = {_form(p + town) for p in ("", *self._prefectures) for town in towns}
            return _form(name) not in known
        return any(
            town in aside and town != name and town not in self._prefectures for town in self._exact
        )

    # ── what ──────────────────────────────────────────────────────────────────────────────────

    def programme(self, text: str) -> Found | None:
        """The programme that is meant; None when there is no such, or more than one."""
        return self._remembered(("programme", text), lambda: self._programme(text))

    def _programme(self, text: str) -> Found | None:
        form = _programme_form(text)
        key = self._programmes.get(form)
        if key is None and len(form) > 1:
            near = {
                k
                for word, k in self._programmes.items()
                if len(word) > 1
                and (
                    (form in word and not self._said_of_many.fullmatch(form))
                    or (word in form and self._said_of_many.fullmatch(form.replace(word, "", 1)))
                )
            }
            key = near.pop() if len(near) == 1 else None
        if key is None:
            return None
        said = (key, self._known.systems[key].label, *self._known.systems[key].also[:1])
        words = {plain(word).casefold() for word in said}
        usual = plain(text).casefold() in words
        return Found(
            key, "" if usual else f"{visible(text).strip()[:40]}→{self._known.systems[key].label}"
        )

    def lot(self, text: str, programme: str) -> Found | None:
        """The 区分 that is meant, with an empty key where none is; None when there is no such."""
        return self._remembered(("lot", programme, text), lambda: self._lot(text, programme))

    def _lot(self, text: str, programme: str) -> Found | None:
        form = _lot_form(text)
        if form in _NONE:
            return Found("")
        system = self._known.systems[programme]
        labels = (*system.lot_labels, *[""] * len(system.lots))
        exact = [
            key for key, label in zip(system.lots, labels, strict=False)
            if form in (_lot_form(key), _lot_form(label))
        ]  # fmt: skip
        near = exact or [
            key for key, label in zip(system.lots, labels, strict=False)
            if len(form) > 1 and (form in plain(label).casefold()
                                  or (label and _lot_form(key) == _lot_form(form.partition("(")[0])))
        ]  # fmt: skip
        if len(near) != 1:
            return None
        (key,) = near
        return Found(key, "" if plain(text) == key else f"{visible(text).strip()[:40]}→区分{key}")

    def kind(self, text: str) -> Found | None:
        """The 種類 that is meant; None when there is no such."""
        return self._remembered(("kind", text), lambda: _kind(text))

    def no_lot(self, text: str, programme: str) -> str:
        """What to say of a 区分 that there is not."""
        system = self._known.systems[programme]
        known = "、".join(system.lots) or "なし"
        return f"{system.label}に区分「{text[:20]}」はありません(区分: {known})。"

    @property
    def programmes(self) -> str:
        """The systems, for a refusal."""
        return "、".join(system.label for system in self._known.systems.values())

    def source(self, text: str) -> str:
        """A title of a source as its key; other words as they are."""
        return self._titles.get(plain(text), text) if text else text

    def is_source(self, key: str) -> bool:
        """Whether it is a key of a source."""
        return key in self._known.sources

    def _remembered(
        self, question: tuple[str, ...], answer: Callable[[], Found | None]
    ) -> Found | None:
        if question not in self._things:
            self._things[question] = answer()
        return self._things[question]


_SAID_OF_MANY = (
    r"共同(?:調達|利用|化)?|自治体|専用|市町村|市町|[都道府県]|調達|導入|利用|整備|事業|業務|管理|電子|デジタル"
    r"|システム|サービス|ツール|ビジネス|lgwan|(?:令和|r)?(?:\d+|元)年?度?|有償|有料|新規?|版|用|の|等"
)
"""Words beside the name of a system, or instead of it, that make no other system of it; the
prefecture's name is one, too."""


def _programme_form(text: str) -> str:
    """A name without what is said of every system."""
    form = plain(text).casefold()
    form = re.sub(r"[・,、/()「」_.-]|及び|および|と(?=電)", "", form)
    return re.sub(r"(?<=.)(?:システム|サービス|ツール)$", "", form)


def _lot_form(text: str) -> str:
    form = plain(text).casefold()
    return re.sub(r"^(?:プラン|区分|タイプ|ロット|コース)(?=.)|(?<=.)(?:プラン|区分|タイプ|ロット|コース|案)$", "", form)  # fmt: skip


_KIND_WORDS: Mapping[str, EventKind] = {
    **{kind.value: kind for kind in EventKind},
    **{kind.label: kind for kind in EventKind},
    **dict.fromkeys(("関心あり", "関心有", "興味あり", "検討中"), EventKind.INTEREST),
    **dict.fromkeys(("参加予定", "予定あり", "導入予定", "利用予定"), EventKind.PLANNED),
    **dict.fromkeys(
        ("委任状提出", "委任状提出済", "委任状提出済み", "委任状受領", "委任"), EventKind.MANDATE
    ),
    **dict.fromkeys(("当初", "当初から参加", "当初からの参加"), EventKind.JOINED),
    **dict.fromkeys(
        ("後乗り参加", "後乗", "後のり", "あとのり", "あと乗り", "途中参加"), EventKind.JOINED_LATE
    ),
    **dict.fromkeys(("無償版利用", "無償版参加", "無償"), EventKind.FREE_EDITION),
    **dict.fromkeys(("運用開始済み", "稼働開始", "利用開始", "供用開始", "本稼働"), EventKind.LIVE),
    **dict.fromkeys(("区分の変更", "プラン変更", "区分変更あり"), EventKind.LOT_CHANGED),
    **dict.fromkeys(("脱退", "退会", "参加終了"), EventKind.LEFT),
    **dict.fromkeys(("取り下げ", "取下", "取りさげ", "予定取下げ"), EventKind.WITHDRAWN),
    **dict.fromkeys(("取消し", "取り消し", "取消"), EventKind.CORRECTION),
}


def _kind(text: str) -> Found | None:
    form = plain(text).casefold()
    form = re.sub(r"^[？・◇◆△◎○〇×▽](?=.)", "", form)  # the mark a screen draws before it
    found = _KIND_WORDS.get(form)
    if found is None:
        return None
    usual = plain(text) in (found.value, found.label)
    return Found(found.value, "" if usual else f"{visible(text).strip()[:40]}→{found.label}")
