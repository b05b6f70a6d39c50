"""会議の画面: what a wall shows, one scene a file.

A scene is a pure function from :class:`~core.scenes.material.Material` to a frozen
:class:`~core.scenes.scene.Scene`; ``registry`` lists them. Nothing here reads a database or a
clock, so a scene can be frozen, exported and compared like any other value.
"""
