"""One line below a menu as the public's here, on Streamlit as it comes: what the menu alone costs."""

import streamlit as st


def _one_line() -> None:
    st.write("One line.")


def _other() -> None:
    st.write("Another.")


def _page(title: str, icon: str, path: str) -> st.Page:
    return st.Page(_other, title=title, icon=f":material/{icon}:", url_path=path)


st.navigation(
    {
        "": [st.Page(_one_line, title="ホーム", icon=":material/home:", default=True)],
        "市町村の仕事": [
            _page("プラン選択・費用試算", "calculate", "plans"),
            _page("共同調達", "map", "procurement"),
            _page("後乗り", "directions_bus", "boarding"),
            _page("研修", "school", "trainings"),
        ],
        "ヘルプ・アカウント": [
            _page("使い方・出典", "menu_book", "about"),
            _page("サインイン", "login", "sign_in"),
        ],
    }
).run()
