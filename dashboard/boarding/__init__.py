"""後乗り as the screens draw it.

``programme`` one joint procurement, ``inputs`` the quotation and its address, ``result`` the
comparison, ``way`` the six steps, ``own`` what a municipality reads and records of itself, ``office``
windows and confirmations of the secretariat.
"""
