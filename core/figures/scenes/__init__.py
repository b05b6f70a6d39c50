"""会議の画面: what a wall shows, one scene a file.

A scene is a pure function from facts of a day to a frozen
:class:`~core.figures.scenes.scene.Scene`, so it can be frozen, exported and compared like any other
value. A module here with a ``MAKER`` is a scene; a fact that shows on the wall has one of its own.
"""
