"""What 照会・回答 draws, one module a part of the screen."""
