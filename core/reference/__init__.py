"""The files of data/, read once, checked, never changed."""
