"""見積・契約額: what a system costs alone and jointly, kept, compared, added up."""
