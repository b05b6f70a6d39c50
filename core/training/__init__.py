"""研修: what a training is, who it is for, who sits where, who came.

``vocabulary`` the words, ``training`` the thing, ``form`` what may be recorded, ``audience`` whom
it concerns, ``enrolment`` places and waiting list, ``attendance`` who came, ``copying`` last
year's again, ``reach`` who has sent somebody to what. Pure functions throughout.
"""
