"""Who asks, what they may do, how they prove it."""
