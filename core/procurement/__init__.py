"""共同調達の参加台帳: events in, standing out.

``event`` what is recorded, ``standing`` what follows from it and what may follow, ``counting``
how many on which basis, ``boarding`` what boarding late takes and costs. Pure functions throughout.
"""
