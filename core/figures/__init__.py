"""数字: every fact the product tells, defined once; screens, walls and files ask for it by key.

A fact (指標) is a definition and the parts that make it; its number is the fold of its parts.
``known`` is what there is, ``registry`` lists the facts, ``reading`` says one as of a day,
``scenes`` shows them on a wall. Pure: what is known in, numbers out.
"""
