"""後乗り as the screens draw it; :mod:`dashboard.boarding.screen` is the door.

``inputs`` the quotation and its address, ``result`` the comparison, ``spread`` by year, month and
month of waiting, ``way`` the six steps, ``statement`` what an officer records, ``office`` windows and
confirmations of the secretariat.
"""
