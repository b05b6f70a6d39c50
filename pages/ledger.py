import streamlit as st

st.title("参加台帳", anchor=False)
