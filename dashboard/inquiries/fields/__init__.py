"""回答欄: one module a kind of question draws what it is answered with."""
