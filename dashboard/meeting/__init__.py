"""会議: the wall and its preparation."""
