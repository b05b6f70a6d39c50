import streamlit as st

from core.values.errors import NotOfferedError
from dashboard.frame import navigation, return_place
from dashboard.kit.typed import escaped

need = navigation.missing(return_place.here())
st.title("この画面はありません", anchor=False)
if need is not None:
    st.info(escaped(str(NotOfferedError(need.label))), icon=":material/info:")
navigation.link("home", "ホームへ戻る", "home")
