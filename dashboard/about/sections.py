"""What 使い方・出典 draws of the reference data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import streamlit as st

from core.estimate.terms import premise_text
from core.figures.indicator import Indicator
from core.figures.registry import of_subject, subjects
from core.params import DEFINITIONS, Parameter
from core.reference.advisors import Advisors
from core.reference.corrections import Correction, corrections_text
from core.reference.pack import Reference
from core.reference.procurements import Procurement
from core.reference.programmes import Interview, NextProcurement, ProgrammeBudget, Survey
from core.reference.trainings import TrainingYear
from core.values.money import thousand_yen_text
from core.values.offer import OfferedPart
from dashboard import context
from dashboard.consultations.menu import draw_record
from dashboard.kit.cards import Card, cards
from dashboard.kit.tables import table
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import source_text

HOW_TO = """
#### 支援プランを選び、予算要求書を作る(サインイン不要)
1. 「プラン選択・費用試算」を開き、団体・年度・開始月・節を選びます。各プランの年額と団体の負担はそのまま読めます。
2. 支援プランにチェックを入れ、年間回数を決めます。画面の下に一般財源{cases}が出ます。
3. 「内訳」と「計算の過程」で、月別・年度別の額、計算の根拠と出典を確かめます。
4. 予算に上限があるときは「上限から選ぶ」で、収まる組合せを選びます。
5. 「予算要求書(Excel)を作る」で、財政課に渡す帳票を保存します。回数を書き換えると計算し直されます。

#### 試算を保存し、参加希望を提出する(市町村職員)
1. サインインし、画面の下の「保存」で試算に名前を付けて保存します。「保存した試算」で違いを比べられます。
2. 「希望を提出」で状態(検討中・希望・予算要求)を選んで提出します。事務局にはそのまま伝わり、メールは要りません。
3. 議決・契約に進んだら「わがまち」で状態を進めます。辞退するときは理由を書きます。

#### 契約し、毎月の支援回を記録する(市町村職員・事務局)
1. 参加希望が議決されたら、「支援の実施」で契約の内容(事業者・期間・プランごとの回数と額)を記録します。参加希望は「契約」になります。
2. 「年間の予定をまとめて立てる」で、第2水曜などの決まりから1年分を予定します。1回ごとに日程を変え、中止にできます。
3. 支援を受けたら、その回を開いて実施を記録します(時間・議題・内容・次回までに行うこと・満足度、議事録の添付)。
4. 残りの回数が月1回では入らなくなると、「ホーム」と「わがまち」に出ます。予定はカレンダーにも入ります。
5. 支払と変更契約を、そのつど記録します。事務局は全団体の進み具合を一覧で見て、Excelに書き出せます。
6. 「わがまち」の最初に、期限のあるものと、その年度に支払った額と団体の負担がまとまります。
   「議会・決算説明用の1枚(PDF)」と、同じ内容の表(Excel)もそこで作れます。

#### 補助金の書類を作る(市町村職員・事務局)
1. 「支援の実施」の「補助金」で手続を開くと、「書類」に、そこまでに作れる交付申請書・実績報告書・請求書などが並びます。押すとWordかExcelで受け取れます。
2. 記録していないこと(氏名・振込先など)は空欄です。書き足してからお使いください。
3. 事務局は「書類をまとめて受け取る」で、全団体の書類を1つのzipで受け取れます。
4. 事務局は「書類の様式」に、いまお使いの様式を登録できます。値を入れたいところに {{{{交付申請額}}}} のように書きます。登録するまでは「参考様式」で作ります。

#### 支援の担当を確かめ、日程を提案する(市町村職員)
1. 「支援の実施」の「担当する人材」で、来る人の氏名・専門分野・行政経験を確かめます。
2. 「日を提案する」で、支援回の日を3つまで提案します。事業者か事務局が1つを選ぶと、予定がその日に変わります。
3. 「成果・事例」で、自団体の成果を紹介してよいかを選びます。ほかの団体の成果は、ことばで探せます。

#### 担当する支援回を記録する(アドバイザー)
1. 「支援の実施」を開くと、日程の提案、実施の記録待ち、これからの支援回の順に並びます。
2. 提案された日を押すと、その日に決まります。どの日も難しいときは、理由を書いて伝えます。
3. 「実施を記録する」で、議題・実施した内容・次回までに行うことを書きます。
4. 「自分のカレンダーに入れる」で、支援回を取り込むアドレスを作れます。

#### 人材プールを管理する(事務局)
1. 「支援の実施」の「人材プール」で専門人材を追加し、専門分野・担当できるプラン・出られる日を書きます。
2. 「約束する前に確かめる」で、プランを約束しても出られる日に入るかを試します。
3. 「支援回の担当を割り当てる」で、支援回をまとめて選び、来る人を決めます。
4. 「成果・事例」で、同意のあった成果の文を整えて公開します。

#### 共同調達に誰が参加しているかを調べる(サインイン不要)
1. 「共同調達」を開き、システムと基準日を選びます。集計基準・地域・区分は「絞り込み・数え方」の中にあります。
2. 地図か「{towns}」で選ぶと、その履歴が開きます。名前は参加の状態ごとに地図の横に並びます。「似た{towns}」は区分・地域・人口の近い団体です。
3. 「推移」では台帳の数と公表値を同じ基準で見比べます。「この画面のリンク」で同じ画面を人に渡せます。

#### 共同調達に後から参加する(後乗り)
1. 「後乗り」を開き、システムを選んで、見積書の標準価格(初期費用・月額)と契約月数、利用開始月を入れます。
2. 単独調達との差額、元が取れる時期、参加を待つ月ごとの費用を確かめ、予算要求書(Excel)を保存します。
3. 募集期間内に、市町村職員が「関心」「予定」を記録します。予算要求と議決も日付を記録します。
4. 委任状・契約(後乗り)・運用開始は、事務局が確認して台帳に記録します。

#### 見積・契約額を残し、比べる(市町村職員)
1. 「見積・契約額」の「価格を記録する」で、単独・共同・標準価格の額と根拠の文書を残します。わからない項目は空欄(不明)のままにします。
2. 記録は自団体と事務局だけが見ます。5団体以上がそろうと、丸めた範囲と中央値が「ほかの団体との比較」に出ます。
3. 名前と額をほかの団体に見せるときは、一覧で開いて「名前と額を公開する」を押します。いつでもやめられます。
4. 記録した額は「後乗り」の欄に自動で入ります。「削減額・時間」で、下がった額と減った時間を確かめられます。

#### 研修に申し込む(市町村職員)
1. 「研修」で探し、題名を選びます。見るだけならサインインは要りません。
2. 日程を選び、同僚の氏名・所属・メールアドレスを入れて申し込みます。10人まで一度に申し込めます。
3. 満席のときはキャンセル待ちになり、席が空くと申込順に「お知らせ」が届きます。「参加する」を押すと確定します。
4. 「カレンダー登録・データ」で、研修の予定をOutlookなどに自動で取り込むアドレスを作れます。

#### アドバイザーに相談する(市町村職員)
1. 「アドバイザー相談」の「新しい相談を書く」で、テーマ・相談内容・希望日・担当者を入力します。添付は5MBまでです。
2. 受付番号が付き、事務局とのやりとりと状態(受付・調整中・日程決定・実施済)が同じ画面に残ります。
3. 回答が届いたら、団体名を伏せた好事例として公開してよいか選びます。後から取り消せます。

#### 照会に回答する(市町村職員)
1. 「照会・回答」に、締切の近い順に並びます。「ホーム」の「やること」と「わがまち」、カレンダーにも出ます。
2. 書いた内容は、変えるたびに下書きとしてサーバーに残ります。同僚が続きを書けます。同じ設問を同時に直したときは、どちらを残すか選びます。
3. 「該当なし」は、空欄とは別の回答です。「前年と同じ」で前年の回答を写せます。
4. 「内容の確認・提出」で足りない設問を確かめて提出します。「確認を依頼する」と、課長など別のアカウントが確かめて提出します。
5. 締切までは提出し直せます。「受領・経過」に受領番号・時刻・SHA-256が残り、「受領を確かめる」で後から確かめられます。

#### 変わったことを知る(サインインした人)
1. ほかの人が自分の団体のことを記録し、変えたときは、「ホーム」と「わがまち」の「お知らせ」に出ます。
2. 読んだものは「既読にする」で消えます。既読は自分だけのもので、同僚には残ります。
3. 期日のあるものは「ホーム」の「やること」に、近い順に並びます。

#### 来年度をひらき、公表された数を記録する(事務局)
1. 「カタログ」の「次の年度をひらく」で下書きをつくります。公開するまで事務局のほかには見えません。
2. 前の年度のものを1つずつ、引き継ぐ・変える・終えると決め、新しいものを加えます。残りはまとめて引き継げます。
3. すべて決まると「公開する」が押せます。前の年度の試算・希望・帳票・控えは変わりません。
4. 共同調達、公表値、予算、調査、出典は、それぞれのタブで記録します。「共同調達」の画面の「公表値を記録する」からも開けます。
5. 名称・区分・人口の変更と合併は、市町村のタブで、いつからかとともに記録します。その日より前の数と図は変わりません。

#### 参加台帳を記録・訂正する(事務局)
1. 「参加台帳」の「予定の確認」に、開始予定を過ぎた予定が並びます。まとめて当初参加か後乗りとして記録できます。ほかは「記録する」で共同調達と団体を選び、種類・適用日・出典を入れて記録します。日付はわかる精度で入れます。
2. 誤りは「一覧・訂正」で行を選び、正しい内容に置き換えるか取り消します。元の記録は履歴に残ります。
3. まとめて入れるときは「取り込み」で様式をダウンロードし、1行ずつの見込みを確かめてから取り込みます。取り込めない行だけを除くこともできます。
4. 「後乗り募集」で募集を始め、終え、参加へ進んでいる団体を確かめます。

#### {towns}に照会する(事務局)
1. 「照会・回答」の「照会をつくる」で件名と年度を決めます。前年と同じものは「写しをつくる」で始めます。
2. 締切・照会先・趣旨・添付と設問を組み立て、「市町村からの見え方」で確かめます。「下書きを保存する」を押すまで同僚には見えません。
3. 「公開する」で、足りないところがまとめて示されます。照会先の団体数と締切を確かめて照会します。各団体のお知らせに出ます。
4. 「経過」で、締切の変更・受付の終了・取下げと、照会や回答のお願いの文面の送付・記録ができます。
5. 公開した後も、言葉を直し、設問や選択肢を加えられます。回答済みの団体には見直しを知らせます。回答はそのまま有効です。

#### 研修を公開し、出席を記録する(事務局)
1. 「研修」で研修を作るか前年のものを複製し、日程・対象・定員を入れて公開します。
2. 研修の題名を選ぶと、申込者の名簿を書き出し、出席を一覧・ファイル・会場のコードで記録できます。

#### 会議の画面に映す(事務局・閲覧者)
1. 「会議の準備」で場面を選んで並べ、会議の名前で保存します(事務局)。
2. 「会議」を開くと全画面になります。→・←で場面を移り、Pで自動の切り替えを止めます。?で一覧が出ます。隠れた場面は事務局がRで開き、同じ場面構成のすべての画面で開きます。
3. {towns}の記録は2秒以内に画面に出ます。右上のコードを読むか、その下のアドレスを入れると、記録する画面が開きます。
4. 「控えを取る」を押すと、その時点の数字が議事録のために残ります。あとで開き直し、Excelに書き出し、今と比べられます。

#### アカウントと制度値を管理する(事務局)
1. 「管理」の「アカウント」で職員を追加し、一度だけ表示されるパスワードを本人に渡します。異動した人は停止します。
2. 費用{rate}などが決まったら「制度値」に適用開始日と出典を付けて登録します。前の値は残ります。
3. 「監査記録」で、いつ・誰が・何をしたかを確かめます。「監査記録を検証する」で、記録とその行が書かれたときのままかを確かめます。

#### 指標を見る・資料を作る(事務局・閲覧者)
1. 「事務局KPI」で基準日、比べる日、地域・区分・人口規模を選びます。条件はアドレスに入り、そのまま人に渡せます。
2. 「推移・内訳」で、1つの指標の推移と、その数字を作っている行を見ます。行を足すと上の数字になります。
3. 「アラート・目標」で、知らせてほしい条件と目標を設定します(事務局)。該当すると「ホーム」にも出ます。
4. 「資料の書き出し」で、表(Excel・CSV)、会議資料(PowerPoint)、訪問用の1枚(PDF)を作ります。

#### 数字の読み方
- **未回答・0・辞退は別のもの**です。公表されていない値は「不明」と表示します。
- **予定は実績ではありません。** 公表値と、この画面の記録(台帳)は並べて示し、混ぜません。
- 〔仮定〕〔公表(検討中)〕の印がある値は、確定した条件ではありません。
"""


_ABOUT: Mapping[str, OfferedPart] = MappingProxyType(
    {
        "支援プランを選び": OfferedPart.TALENT,
        "試算を保存し": OfferedPart.TALENT,
        "支援の担当": OfferedPart.TALENT,
        "担当する支援回": OfferedPart.TALENT,
        "人材プール": OfferedPart.TALENT,
        "研修": OfferedPart.TRAININGS,
        "アドバイザー": OfferedPart.ADVISORS,
        "契約し": OfferedPart.TALENT,
    }
)
"""How a chapter of :data:`HOW_TO` begins → what it is about; every other one is for everybody."""


def how_to(offers: Collection[OfferedPart]) -> Markdown:
    """The chapters about what is offered."""
    subsidised = OfferedPart.SUBSIDY in offers
    words = {
        "towns": context.names().towns,
        "cases": "と、補助あり・補助なし・予算が不足する場合の額" if subsidised else "",
        "rate": "・補助率" if subsidised else "",
    }
    first, *chapters = HOW_TO.format(**words).split("#### ")
    told = (
        chapter
        for chapter in chapters
        if all(not chapter.startswith(begins) or need in offers for begins, need in _ABOUT.items())
        and (context.reference().pays_subsidies or not chapter.startswith("補助金"))
    )
    return Markdown(first + "".join(f"#### {each}" for each in told))  # type: ignore[misc]  # words of HOW_TO


_AMOUNTS = """
#### 金額の定義
| 用語 | 定義 |
|---|---|
| 歳出 | 1回あたりの費用 × 年間回数 × プラン。総計予算主義により全額を歳出に計上します。 |
| {subsidy} | 歳出 × 補助率を端数処理した額。歳入({grants})に計上します。 |
| 一般財源 | 歳出 − {subsidy}。 |
| 千円単位 | 歳出は千円未満切上げ、{subsidy}は切捨て、一般財源は差引き(仮定。団体の予算編成要領による)。 |
| 申請総額 | {kind}全体の補助申請額。公表された希望の数から置いた目安(仮定)。 |
| 予算不足の場合 | 予算 ÷ 申請総額の割合で1円単位に按分。端数は最大剰余法で配り、合計が予算に一致します。 |
"""
_AMOUNTS_UNPAID = """
#### 金額の定義
| 用語 | 定義 |
|---|---|
| 歳出 | 1回あたりの費用 × 年間回数 × プラン。総計予算主義により全額を歳出に計上します。 |
| 一般財源 | 歳出の全額。 |
| 千円単位 | 千円未満切上げ(仮定。団体の予算編成要領による)。 |
"""
"""Where the prefecture pays no subsidy."""

ACCESSIBILITY = """
- すべての操作はキーボードでできます。グラフには同じ内容の文と表があります。
- 色だけで区別しません。文字と背景の明るさの比は4.5以上です。
- この画面は他のサーバーに何も問い合わせません(書体・地図・計測を含む)。閉じたネットワークで動きます。
- 個人情報は、サインイン名・表示名、操作の記録(いつ・誰が・何を)、アドバイザー相談の担当者の連絡先を持ちます。
- 相談の内容・担当者・添付は、相談した団体と事務局だけが見られます。好事例に団体名と担当者名は出ません。
- パスワードはそのままでは保存しません。サインインは12時間で切れます。
"""


def draw_indicators() -> None:
    """Every indicator, from the same list as 事務局KPI and its files."""
    st.caption(
        "事務局KPIの画面、表、会議資料が使う指標の定義です。「÷」の後が分母で、ないものは割合ではありません。"
    )
    for subject in subjects(context.reference()):
        found = of_subject(context.reference(), subject)
        st.subheader(subject.label, anchor=False)
        table(
            {
                "指標": [f"{each.name}({each.unit})" for each in found],
                "定義": [each.definition for each in found],
                "分子・分母": map(_parts, found),
                "集計・方向": map(_reading, found),
                "集計基準・出典": [
                    f"{each.basis}〔出典: {source_text(each.source)}〕" for each in found
                ],
            },
            alt=f"{subject.label}の指標の定義",
        )


def _parts(indicator: Indicator) -> str:
    """分子 and, of a share, 分母."""
    of = indicator.denominator
    return f"{indicator.numerator} ÷ {of}" if of else indicator.numerator


def _reading(indicator: Indicator) -> str:
    said = (indicator.status, indicator.fold, indicator.wanted)
    return "・".join(each.label for each in said)


def draw_terms(parameters: Sequence[Parameter], as_of: date) -> None:
    """制度値 in force, each with its basis and source; how the amounts are defined."""
    st.caption(f"{as_of.isoformat()}に有効な値。事務局が日付ごとに登録します。")
    table(
        {
            "制度値": [DEFINITIONS[p.name].label for p in parameters],
            "値": [premise_text(p.name, p.value) for p in parameters],
            "根拠区分": [p.basis.label for p in parameters],
            "適用開始": [p.valid_from.isoformat() for p in parameters],
            "出典": [source_text(p.source) for p in parameters],
            "備考": [p.note for p in parameters],
        },
        alt="有効な制度値と根拠",
    )
    if OfferedPart.TALENT in context.reference().offers:
        names = context.names()
        st.markdown(
            _AMOUNTS.format(
                grants=names.national_and_own_grants, subsidy=names.subsidy, kind=names.kind
            )
            if names.subsidy
            else _AMOUNTS_UNPAID
        )


def _draw_corrections(*corrections: Correction) -> None:
    if corrections:
        st.caption(escaped(corrections_text(corrections)))


def draw_programme(reference: Reference) -> None:
    """The programme, its plans, budgets, surveys, the joint procurements and their scheme."""
    if OfferedPart.TALENT in reference.offers:
        _draw_talent(reference)
    told = reference.programmes
    if told.budgets:
        _draw_budgets(told.budgets)
    if told.surveys:
        _draw_surveys(told.surveys)
    if told.next_procurement:
        _draw_next(told.next_procurement)
    st.subheader("システムの共同調達", anchor=False)
    st.markdown(escaped(reference.procurements.text))
    merit = reference.procurements.scale_merit
    st.caption(f"{escaped(merit.text)}。{escaped(merit.single_system_note)}")
    for procurement in reference.procurements.programmes:
        _draw_procurement(procurement)
    if told.interview:
        _draw_interview(told.interview, {budget.key: budget for budget in told.budgets})
    if told.overview:
        overview = told.overview
        st.caption(
            f"担当: {escaped(overview.division)}〔出典: {escaped(source_text(overview.source))}〕"
        )


def _draw_talent(reference: Reference) -> None:
    talent, overview = reference.talent, reference.programmes.overview
    st.subheader(escaped(talent.name), anchor=False)
    if overview:
        st.markdown(escaped(overview.lead))
    facts = {
        "概要": talent.summary,
        "目的": talent.aim,
        "背景": talent.background,
        "人材": talent.experts,
        "頻度": talent.frequency,
        "費用": talent.cost,
        **({"補助": talent.subsidy} if talent.subsidy else {}),
        "支払い": talent.payment,
        "枠組み": talent.scheme,
        "参加予定": f"{talent.participants_text}。{talent.participants_note}"
        if talent.participants is not None
        else "公表されていません。",
    }
    table({"項目": facts.keys(), "内容": facts.values()}, alt="事業の内容")
    for plan in reference.plans:
        with st.expander(f"{plan.number}. {escaped(plan.name)}({escaped(plan.wished)})"):
            st.markdown("\n".join(f"- {escaped(words)}" for words in plan.supports))
            _draw_corrections(*plan.corrections)
    note = escaped(talent.wishes_note or "希望団体数は公表されていません。")
    st.caption(f"{note}〔出典: {escaped(source_text(talent.source))}〕")


def _draw_budgets(budgets: Sequence[ProgrammeBudget]) -> None:
    st.subheader(f"{context.names().kind}の予算(資料にあるもの)", anchor=False)
    for budget in budgets:
        st.markdown(
            f"- **{escaped(budget.label)}** {thousand_yen_text(budget.thousand_yen)}。"
            f"{escaped(budget.description)} {escaped(budget.fiscal_year_note)}"
        )


def _draw_surveys(surveys: Sequence[Survey]) -> None:
    st.subheader(f"{context.names().towns}アンケート", anchor=False)
    for survey in surveys:
        figures = "、".join(
            f"{escaped(f.label)} **{f.value}{escaped(f.unit)}**" for f in survey.figures
        )
        st.markdown(f"- {escaped(survey.question)}: {figures}。{escaped(survey.note)}")


def _draw_next(following: NextProcurement) -> None:
    st.subheader("次期共同調達の希望調査", anchor=False)
    st.markdown(
        f"{escaped(following.decision)} {escaped(following.survey_name)}、"
        f"{escaped(following.surveyed_text)}。{escaped(following.scoring_text)}。"
        f"{escaped(following.results_note)}"
    )


def _draw_interview(interview: Interview, budgets: Mapping[str, ProgrammeBudget]) -> None:
    st.subheader(f"{context.names().kind}に聞く", anchor=False)
    for entry in interview.answers:
        with st.expander(escaped(entry.question)):
            for paragraph in entry.paragraphs:
                st.markdown(escaped(paragraph))
            for key in entry.budgets:
                st.markdown(
                    f"- {escaped(budgets[key].label)} {thousand_yen_text(budgets[key].thousand_yen)}"
                )
            _draw_corrections(*entry.corrections)


def _draw_procurement(procurement: Procurement) -> None:
    with st.expander(f"{escaped(procurement.label)}({procurement.fiscal_year.label}調達)"):
        st.markdown(escaped(procurement.what))
        points = [*procurement.effects, *procurement.features]
        points += [f"{lot.label}: {lot.description} {lot.note}" for lot in procurement.lots]
        st.markdown("\n".join(f"- {escaped(point)}" for point in points))
        scheme = procurement.scheme
        st.caption(
            f"とりまとめ {escaped(scheme.coordinator)}・調達 {escaped(scheme.procurer)}・"
            f"契約 {escaped(scheme.contractor)}・運用 {escaped(scheme.operator)}・"
            f"根拠 {escaped(scheme.grounds)}・選定委員 {escaped(scheme.selection_committee)}・"
            f"手法 {escaped(scheme.selection_method)}・{escaped(scheme.method)}"
        )
        _draw_corrections(*procurement.corrections, *scheme.corrections)


def draw_advisors_and_trainings(reference: Reference) -> None:
    """The advisor programme and the trainings held, whichever is offered."""
    if OfferedPart.ADVISORS in reference.offers:
        _draw_advisors(reference.advisors)
    if OfferedPart.TRAININGS in reference.offers:
        _draw_trainings(reference.trainings)


def _draw_advisors(advisors: Advisors) -> None:
    """Menu, how to ask, worked examples."""
    guide = advisors.guide
    st.subheader(f"{escaped(advisors.name)}({guide.fiscal_year.label}の案内)", anchor=False)
    for paragraph in (advisors.text, *guide.purpose):
        st.markdown(escaped(paragraph))
    for item in guide.menu:
        with st.expander(escaped(f"{item.key}. {item.label}")):
            for words in item.descriptions:
                st.markdown(escaped(words))
            st.markdown("\n".join(f"- {escaped(words)}" for words in item.items))
    st.markdown(f"**ヒアリング** {escaped(guide.hearing.period)}。{escaped(guide.hearing.form)}")
    st.markdown("**相談の例**")
    st.markdown("\n".join(f"- {escaped(words)}" for words in guide.consultation_examples))
    for record in advisors.track_records:
        with st.expander(escaped(record.label)):
            draw_record(record)
    company = guide.company
    st.caption(
        f"アドバイザー: {escaped(company.name)}({guide.fiscal_year.label})。"
        f"{escaped(company.pr)} {escaped(corrections_text(guide.corrections))}"
        f"〔出典: {escaped(source_text(guide.source))}〕"
    )


def _draw_trainings(year: TrainingYear) -> None:
    st.subheader(f"{year.fiscal_year.label}の研修", anchor=False)
    held = [(training, session) for training in year.trainings for session in training.sessions]
    table(
        {
            "種別": [t.kind.value for t, _ in held],
            "名称": [t.title for t, _ in held],
            "開催日": [s.date.isoformat() for _, s in held],
            "形式": ["・".join(f.label for f in s.formats or ()) or "不明" for _, s in held],
            "対象": [t.audience.label if t.audience else "記載なし" for t, _ in held],
            "主催": [t.host + (f"・{t.co_host}" if t.co_host else "") for t, _ in held],
            "主旨": [t.purpose for t, _ in held],
        },
        alt=f"{year.fiscal_year.label}の研修一覧",
    )
    st.caption(f"時刻と場所は公表されていません。〔出典: {escaped(source_text(year.source))}〕")
    _draw_corrections(*dict.fromkeys(c for each in year.trainings for c in each.corrections))


def draw_sources(reference: Reference) -> None:
    """Every source with publisher, date, licence."""
    cards(
        [
            Card(
                key,
                source.title,
                lines=[f"{source.publisher}・{source.date}・ライセンス: {source.licence}"],
                text="\n".join(filter(None, (source.note, source.url))),
            )
            for key, source in reference.sources.items()
        ],
        rows=True,
        level=2,
    )
