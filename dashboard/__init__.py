"""What Streamlit runs: who asks, navigation, drawing. No rule lives here."""
