"""What アドバイザー相談 draws, one module a part of the screen."""
