"""アドバイザー相談: a municipality asks the DX推進アドバイザー for 日常業務支援."""
