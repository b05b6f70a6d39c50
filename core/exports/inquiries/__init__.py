"""照会の回答 as files: a row a municipality, what the cells mean, the tally, slides."""
