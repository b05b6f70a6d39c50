"""names.yaml: what the prefecture, its municipalities and their alliance are called (言葉)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from core.reference.facts import Fact, RefusalError, SourceKey, Text
from core.values.municipality import check_digit, is_prefecture


def _plain(words: str) -> str:
    wrong = [each for each in words if not (each.isalnum() or each in "・()、ー \u3000")]
    if wrong:
        raise RefusalError(f"「{wrong[0]}」は使えません(文字・数字・空白と「・()、」だけ): {words}")
    return words


Words = Annotated[Text, AfterValidator(_plain)]
"""What may stand in any sentence, on a screen as in a file: nothing of it is a mark of either."""


def _a_prefecture(name: str) -> str:
    if name[-1] not in "都道府県":
        raise RefusalError(f"都・道・府・県で終わる名前を書いてください: {name}")
    return name


def _of_a_prefecture(code: str) -> str:
    well_formed = len(code) == 6 and code.isascii() and code.isdigit()
    if not (well_formed and is_prefecture(code) and code[5] == check_digit(code[:5])):
        raise RefusalError(f"都道府県の団体コード(6桁、3から5桁目は000)を書いてください: {code}")
    return code


class Names(Fact):
    """The words of the pack, and the ways of speaking that follow from them."""

    prefecture: Annotated[Words, AfterValidator(_a_prefecture)]
    prefecture_code: Annotated[Text, AfterValidator(_of_a_prefecture)]
    towns: Words  # 市町村, 市町, 区市町村: all municipalities in one word
    alliance: Words
    secretariat: Words
    subsidy: Words | None = None  # the prefecture's subsidy in estimates and budgets; None: none
    purpose: Words  # what the screens are for; goes before ため
    source: SourceKey

    @property
    def kind(self) -> str:
        """都, 道, 府 or 県: what the prefecture is, and how it is spoken of."""
        return self.prefecture[-1]

    @property
    def within(self) -> str:
        """府内, 県内, …."""
        return f"{self.kind}内"

    @property
    def grants(self) -> str:
        """府支出金, 県支出金, …: as a budget's revenue names it."""
        return f"{self.kind}支出金"

    @property
    def national_and_own_grants(self) -> str:
        """国県支出金 and the like: as a budget's sources of money name them together."""
        return f"国{self.grants}"

    @property
    def product(self) -> str:
        """The name of the screens."""
        return f"{self.alliance} 乗合"

    @property
    def calendar(self) -> str:
        """The name of the calendar of trainings."""
        return f"{self.alliance}の研修"

    @property
    def office(self) -> str:
        """Who signs a letter."""
        return f"{self.prefecture} {self.alliance} {self.secretariat}"
