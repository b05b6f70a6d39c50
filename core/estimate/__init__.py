"""費用試算: what support plans cost a municipality, with every step of the working.

``request`` what is asked, ``terms`` the values in force, ``subsidy`` the grant and its working,
``calculation`` the estimate, ``schedule`` month by month, ``scenarios`` and ``ceiling`` the
questions asked on top of it, ``wording`` the working as sentences. Pure functions throughout.
"""
