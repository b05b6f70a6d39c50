"""様式の書き方: what may stand in a template of a paper, and how."""

from __future__ import annotations

import streamlit as st

from core.subsidy.document import REQUIRED, DocumentKind, marks_for
from dashboard.kit.tables import table

_HOW = """
1. いまお使いのWordかExcelの様式を開き、値を入れたいところに、`{{団体名}}` のように項目の名前を二重の波括弧で囲んで書きます。文の途中でもかまいません(例: `{{首長職名}} 様`、`金{{交付申請額}}`)。
2. 金額は「1,200,000円」のように入ります。すぐ後に「円」と書いてあるときは、円を重ねません。Excelで項目だけを書いたセルには、計算できる数として入ります。
3. 表の行に `{{明細_費目}}` のような「明細」の項目を書くと、その行が件数だけ繰り返されます。Excelでは下の行がずれ、合計の数式の範囲も広がります。
4. わかっていない値は空欄(全角空白)になり、手で書けます。氏名、振込先など、この画面が知らないものは空けておいてください。
5. 名前の間違い、足りない項目、入れられない場所があると、登録のときに場所と直し方を示します。計算や条件などの命令は書けません。
"""


def draw_writing(kind: DocumentKind) -> None:
    """How to write, and the list of what may be written."""
    with st.expander("様式の書き方", icon=":material/edit_note:"):
        st.markdown(_HOW)
    with st.expander(f"{kind.label}に書ける項目", icon=":material/list:"):
        marks = marks_for(kind)
        table(
            {
                "書き方": [f"{{{{{mark.label}}}}}" for mark in marks],
                "入るもの": [mark.meaning for mark in marks],
                "例": [mark.example for mark in marks],
                "必須": ["必ず入れる" if mark in REQUIRED[kind] else "" for mark in marks],
            },
            f"{kind.label}に書ける項目と、入るもの",
        )
