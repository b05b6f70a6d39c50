"""設問の種類: one file a kind, one registry.

A kind says how its question is composed, how what was typed is read, what an answer is called in a
table and how many answers are counted. A module here with a ``KIND`` is a kind.
"""
