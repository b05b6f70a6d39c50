"""カタログ: what the programme offers, kept by the secretariat."""
