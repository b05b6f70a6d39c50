"""照会: what the prefecture asks its municipalities, and what they answer."""
