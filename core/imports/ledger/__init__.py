"""参加台帳のファイルを読む: Excel or CSV in, a preview of what would change out.

``table`` bytes to rows of cells, ``names`` who is meant, ``rows`` cells to entries, ``plan``
entries beside what is recorded. Nothing here writes.
"""
