"""お知らせ: what happened to somebody's affairs by another's hand, derived from what is on record.

``news`` one piece of news, ``trainings`` what became of sessions and places, ``cases`` what became of
consultations, hearings, wishes and windows, ``letter`` the mail that tells it.
"""
