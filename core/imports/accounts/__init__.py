"""Accounts many at once: a table of who is to have one, and what would become of every row."""
