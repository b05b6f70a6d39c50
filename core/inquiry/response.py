"""回答の経過: drafts, approval, what was handed in, what came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from core.inquiry.answer import Answers, unsalted, written
from core.inquiry.round import Inquiry, InquiryState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN, japan_day
from core.values.free_text import Text
from core.values.label import Labelled

REASON = Text("理由", 1000, lines=True)
NOTE = Text("備考", 500, lines=True, optional=True)


class ResponseStep(Labelled):
    """回答の経過."""

    ASKED = "asked", "確認依頼"
    DECLINED = "declined", "確認の差戻し"
    HANDED_IN = "handed_in", "提出"
    RETURNED = "returned", "差戻し"


class Way(Labelled):
    """回答の受け方."""

    SCREEN = "screen", "画面"
    EXCEL = "excel", "様式(Excel)"
    TELEPHONE = "telephone", "電話など(事務局が記録)"
    MAIL = "mail", "メールで届いた様式(事務局が記録)"


class ResponseState(Labelled):
    """回答の状態, as the board shows it."""

    UNTOUCHED = "untouched", "未着手"
    DRAFT = "draft", "下書き"
    AT_APPROVAL = "at_approval", "庁内確認中"
    HANDED_IN = "handed_in", "提出"
    RETURNED = "returned", "差戻し"
    LATE = "late", "期限後"
    """提出 that arrived after the deadline: returned and corrected, or recorded by the secretariat."""

    @property
    def is_in(self) -> bool:
        """Whether an answer counts."""
        return self in (ResponseState.HANDED_IN, ResponseState.LATE)


@dataclass(frozen=True)
class ResponseEvent:
    """One step of a response. Never edited.

    Attributes:
        version_id: Questions that were answered.
        answers: Of 確認依頼 and 提出; None otherwise.
        digest: SHA-256 of the content of 提出; empty otherwise.
        late: Whether the deadline was over.
        recorded_at: By the clock of the database, of 提出.
    """

    event_id: int
    inquiry_id: int
    lg_code: str
    step: ResponseStep
    version_id: int
    answers: Answers | None
    digest: str
    way: Way
    late: bool
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Draft:
    """下書き: what is typed, as it is typed; the last hand's.

    Attributes:
        revision: Rises with every save, and begins anew with every draft, never where one was.
    """

    inquiry_id: int
    lg_code: str
    revision: int
    typed: Answers
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True)
class Receipt:
    """受領: what a municipality can show for what it handed in.

    Attributes:
        number: 受領番号, of the audit trail.
        digest: SHA-256 of the content.
    """

    number: int
    inquiry: str  # 照会番号
    lg_code: str
    recorded_at: datetime
    digest: str


@dataclass(frozen=True)
class Response:
    """What one municipality did about one inquiry.

    Attributes:
        events: Oldest first.
        draft: What is being typed since the last 提出; None for nothing.
    """

    inquiry_id: int
    lg_code: str
    events: tuple[ResponseEvent, ...] = ()
    draft: Draft | None = None

    @property
    def handed_in(self) -> tuple[ResponseEvent, ...]:
        """Every 提出, oldest first."""
        return tuple(each for each in self.events if each.step is ResponseStep.HANDED_IN)

    @property
    def counted(self) -> ResponseEvent | None:
        """The 提出 that counts; None while there is none, or after a 差戻し until it comes again."""
        for each in reversed(self.events):
            if each.step is ResponseStep.RETURNED:
                return None
            if each.step is ResponseStep.HANDED_IN:
                return each
        return None

    @property
    def asked(self) -> ResponseEvent | None:
        """The 確認依頼 that waits; None when none does."""
        last = self.events[-1] if self.events else None
        return last if last is not None and last.step is ResponseStep.ASKED else None

    @property
    def returned(self) -> ResponseEvent | None:
        """The 差戻し that waits for a correction; None when none does."""
        for each in reversed(self.events):
            if each.step is ResponseStep.HANDED_IN:
                return None
            if each.step is ResponseStep.RETURNED:
                return each
        return None

    @property
    def state(self) -> ResponseState:
        """As the board shows it; a draft beside a 提出 changes nothing until it is handed in."""
        if self.asked is not None:
            return ResponseState.AT_APPROVAL
        if self.returned is not None:
            return ResponseState.RETURNED
        if (counted := self.counted) is not None:
            return ResponseState.LATE if counted.late else ResponseState.HANDED_IN
        if self.draft is not None or self.events:
            return ResponseState.DRAFT
        return ResponseState.UNTOUCHED

    @property
    def last(self) -> ResponseEvent | None:
        """The last step; None before the first."""
        return self.events[-1] if self.events else None


def responses_by_town(
    events: Iterable[ResponseEvent], drafts: Mapping[str, Draft], inquiry: Inquiry
) -> Mapping[str, Response]:
    """The response of everybody asked, those who did nothing included.

    Args:
        events: Of the inquiry, in the order of recording.
        drafts: By municipality.
    """
    own: dict[str, list[ResponseEvent]] = {code: [] for code in inquiry.audience}
    for event in events:
        own.setdefault(event.lg_code, []).append(event)
    return MappingProxyType(
        {
            code: Response(inquiry.inquiry_id, code, tuple(said), drafts.get(code))
            for code, said in own.items()
        }
    )


def answers_in(said: Mapping[str, Response]) -> dict[str, Answers]:
    """What counts, by municipality."""
    return {
        code: counted.answers
        for code, response in said.items()
        if (counted := response.counted) is not None and counted.answers is not None
    }


def says_the_same(inquiry: Inquiry, response: Response, answers: Answers) -> bool:
    """Whether these answers are in already: they count, and were given to the same questions.

    Args:
        answers: As they were read.
    """
    counted = response.counted
    if counted is None or counted.version_id != inquiry.version.version_id:
        return False
    return counted.answers is not None and written(unsalted(counted.answers)) == written(answers)


def check_may_answer(inquiry: Inquiry, lg_code: str, response: Response, moment: datetime) -> None:
    """Refuse an answer of somebody not asked, before the opening, or after the deadline.

    One that was returned may be corrected until the inquiry is withdrawn.

    Args:
        moment: By the clock of the database.

    Raises:
        InvalidInputError: It was not asked of this municipality.
        ConflictError: It is too early or too late; says by when.
    """
    if lg_code not in inquiry.audience:
        raise InvalidInputError(
            {"inquiry_id": "この照会は見つかりません。画面を更新してください。"}
        )
    state = inquiry.state(moment)
    if state is InquiryState.OPEN:
        return
    if state is InquiryState.CLOSED and response.returned is not None:
        return
    opens = inquiry.composition.opens_at
    said = {
        InquiryState.ANNOUNCED: f"受付は{japan_day(opens)}からです。下書きは保存できます。",
        InquiryState.CLOSED: f"締切({japan_moment(inquiry.closes_at)})を過ぎたため提出できません。"
        "事務局に連絡してください。記入した内容は下書きに残っています。",
        InquiryState.WITHDRAWN: "この照会は取り下げられました。回答は要りません。",
    }
    raise ConflictError(said[state])


def check_return(response: Response, state: InquiryState) -> None:
    """Refuse to return what is not there.

    Raises:
        ConflictError: Nothing was handed in, it was returned already, or the inquiry is withdrawn.
    """
    if state is InquiryState.WITHDRAWN:
        raise ConflictError("取り下げた照会の回答は差し戻せません。")
    if response.counted is None:
        raise ConflictError(
            f"この団体の回答は「{response.state.label}」のため差し戻せません。"
            "画面を更新して確認してください。"
        )


def check_approval(response: Response, by: str) -> ResponseEvent:
    """The 確認依頼 somebody else than who asked may decide.

    Raises:
        ConflictError: None waits, or whoever asked would decide alone.
    """
    asked = response.asked
    if asked is None:
        raise ConflictError("確認を待っている回答はありません。画面を更新して確認してください。")
    if asked.recorded_by == by:
        raise ConflictError(
            "確認を依頼した本人は確認できません。別のアカウントで確認してください。"
        )
    return asked


def japan_moment(moment: datetime) -> str:
    """A moment as a reader sees it, to the minute; midnight as 24:00 of the day before.

    Examples:
        >>> from core.values.fiscal import JAPAN
        >>> japan_moment(datetime(2026, 12, 1, 0, 0, tzinfo=JAPAN))
        '2026-11-30 24:00'
    """
    local = moment.astimezone(JAPAN)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{(local - timedelta(days=1)).date().isoformat()} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
