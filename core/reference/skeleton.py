"""ひな形: the files a new pack begins with; what is still to be filled in, ``pack check`` names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_README = """# 初期データ

この都道府県のファイル一式です。埋めたら `noriai pack check このフォルダー` で確かめます。直すところを、
ファイル・行・理由ですべて示します。わからないことは推測で埋めず、空のまま(またはファイルごとなし)にします。

## 必ずいるもの

| ファイル | 書くこと |
|---|---|
| `names.yaml` | 都道府県・連携・事務局などの呼び名 |
| `sources.yaml` | 出典。ほかのファイルの `source` は、ここの見出しです。`files` に、その出典に基づくファイルを並べます |
| `municipalities.csv` | 団体の一覧(下の表) |
| `checks.yaml` | 団体の数と人口の合計。一覧との食い違いを見つけるため |
| `procurements.yaml` | 共同調達(1つ以上)。参加団体の数は書きません |
| `parameters.yaml` | 制度値の初期値 |

## `municipalities.csv` の列

| 列 | 書くこと |
|---|---|
| `lg_code` | 全国地方公共団体コード。検査数字を含む6桁 |
| `name` | 名称(〇〇市) |
| `kana` | 読み。ひらがな |
| `category` | 政令指定都市、中核市、施行時特例市、一般市、町、村など。絞り込みに使います |
| `area` | 地域。絞り込みに使います |
| `population_2020` | 令和2年国勢調査の人口。数字だけ |
| `lat`, `lng` | 役所・役場の位置(世界測地系、度)。地図の印の場所 |

次の列は、いるときだけ、この順に右へ加えます。

| 列 | 書くこと |
|---|---|
| `population`, `census`, `source` | 新しい国勢調査の人口、その年(2025など)、出典(`sources.yaml`の見出し)。3つとも書き、`population_2020`は空欄でかまいません |
| `since`, `until` | その行の最初の日と最後の日(YYYY-MM-DD)。空欄は、はじめから・終わりなし。市制施行などの変更は、次の日から始まる同じ団体コードの行を加えます |
| `successor` | 合併で終わった団体の行に、合併後の団体コード。`until`の次の日にある団体です |

## なくてもよいもの

ファイルがなければ、その画面・数字・項目はどこにも出ません。0とも書きません。

| ファイル | ないとき |
|---|---|
| `published_totals.csv` | 公表された参加団体数がない(数は不明) |
| `participation.csv` | 名前の公表された参加がない |
| `municipalities.topojson` | 地図がない。境界は object `municipalities`、`id` が6桁の団体コード |
| `plans.yaml` | 人材シェアリング(支援プラン・費用試算・参加希望)がない |
| `names.yaml` の `subsidy` の行 | 支援プランへの補助金がない(試算は全額が一般財源) |
| `advisors.yaml` | アドバイザー相談がない |
| `trainings.yaml`, `event_list_columns.csv` | 研修がない |
| `programmes.yaml` | 予算・アンケート・問答がない |
| `grants.yaml` | 支援プランへの補助金のほかに補助事業がない |

書き方の見本は `data/` と `packs/shiga/`、手順は `docs/packs.md` にあります。
"""
_NAMES = """# 呼び名。画面・帳票・メールの文言は、ここの言葉から作る。
prefecture:            # 〇〇県
prefecture_code:       # "000000" のように引用符で囲んだ6桁の団体コード
towns: 市町村          # 村のない県では 市町
alliance:              # 都道府県と団体の連携の名前
secretariat: 事務局
subsidy:               # 支援プランへの県補助金 など。なければこの行を消す(制度値と plans.yaml の補助の説明も書かない)
purpose: システムをともに調達する
source:                 # 名前の出典(sources.yaml の見出し)
"""
_SOURCES = """# 出典。kokusei-2020 と localgovjp は画面が引用する。研修には event-list、地図には n03-2021 もいる。
sources:
  kokusei-2020:
    title: 令和2年国勢調査 人口等基本集計
    publisher: 総務省統計局
    url: https://www.e-stat.go.jp/
    licence: 政府標準利用規約(第2.0版)
    date: "2020-10-01"
    note: ""
    files: [municipalities.csv, checks.yaml]
  localgovjp:
    title: localgovjp(団体の名称、読み、位置)
    publisher: code4fukui
    url: https://github.com/code4fukui/localgovjp
    licence: CC0 1.0
    date: 日の記載なし
    note: ""
    files: [municipalities.csv]
  noriai-assumption:
    title: 本システムの仮定
    publisher: 本システムの開発者
    url: null
    licence: このプログラムと同じ
    date: 日の記載なし
    note: 公表された根拠がない値。事務局が確かめて改める。
    files: [parameters.yaml, procurements.yaml]
"""
_CHECKS = """expected:
  municipalities:       # 団体の数
  population:           # 人口の合計
  source: kokusei-2020
"""
_PROCUREMENTS = """# 共同調達。公表されていないことは「公表されていない」と書く。
text:                   # 何のための共同調達か
as_of_text:             # いつの時点か
source:
scale_merit:
  text:                 # 公表されたスケールメリット
  rate:                 # 3/10 のような率
  basis: assumption     # official(公表) か assumption(仮定)
  source:
  single_system_note:   # 1つのシステムに当てはめるときの注意
  single_system_basis: assumption
  single_system_source: noriai-assumption
schemes: []
programmes: []
"""
_PARAMETERS = """# 人材シェアリング・アドバイザー・研修があるときは、その制度値もいる(pack check が名前を挙げる)。
parameters:
  - name: account.first_password_days
    value: "7"
    valid_from: 2021-04-01
    basis: assumption
    source: noriai-assumption
    note: 要確認。最初のパスワードを渡してから使い始めるまでの期間。
  - name: contact.retention_days
    value: "365"
    valid_from: 2022-04-01
    basis: assumption
    source: noriai-assumption
    note: 要確認。担当者の個人情報を任期の最後の日の翌日から数えて残す日数。定めは見つかっておらず、引継ぎに使える1年を仮に置いた。
  - name: session.idle_minutes
    value: "60"
    valid_from: 2021-04-01
    basis: assumption
    source: noriai-assumption
    note: 要確認。席を離れた画面を他の人に使われないための時間。
"""
SKELETON: Mapping[str, str] = MappingProxyType(
    {
        "README.md": _README,
        "names.yaml": _NAMES,
        "sources.yaml": _SOURCES,
        "municipalities.csv": "lg_code,name,kana,category,area,population_2020,lat,lng\n",
        "checks.yaml": _CHECKS,
        "procurements.yaml": _PROCUREMENTS,
        "parameters.yaml": _PARAMETERS,
    }
)
"""Name of a file → its text."""
