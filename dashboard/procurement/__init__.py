"""What 共同調達 draws: filters and their address, map, matrix, timeline, cards, histories."""
