"""回答欄: how each kind of question is answered on a screen, one file a kind."""
