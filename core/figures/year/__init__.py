"""One municipality's fiscal year as a whole: what it paid, got, bore and saved, and what is due."""
