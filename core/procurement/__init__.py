"""共同調達の参加台帳: events in, standing out.

``event`` what is recorded, ``recording`` what may be, ``standing`` what follows from it,
``counting`` how many on which basis, ``series`` month by month, ``index`` the same without
reading everything again. Pure functions throughout.
"""
