"""見本データ: what ``noriai init --demo`` fills a database with."""
