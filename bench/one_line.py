"""A page that does as little as a page can: the yardstick of the benchmark."""

import streamlit as st

st.write("One line.")
