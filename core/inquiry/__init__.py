"""照会・回答: what is asked of municipalities, what they answer, and what comes of it."""
