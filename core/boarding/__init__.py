"""後乗り: what boarding a joint procurement late costs, and what it takes.

``request`` what is asked, ``cost`` alone against joint, ``waiting`` what each month of waiting
costs, ``wording`` the working as sentences, ``link`` the request as an address, ``window`` 募集,
``steps`` from 意向 to 運用開始. Pure functions throughout.
"""
