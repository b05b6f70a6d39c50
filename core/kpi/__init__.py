"""指標: each a definition and the rows that make it; the number is the fold of its rows.

One module a subject; :mod:`core.kpi.registry` lists them. Pure: facts in, rows out.
"""
