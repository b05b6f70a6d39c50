import streamlit as st

st.title("会議の準備", anchor=False)
