"""見積・契約額: what a jointly procured system costs alone and jointly, and what it saved."""
