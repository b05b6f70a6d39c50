"""支援の実施: what the year of a contracted plan brings, one room a tab."""
