"""Tables, rows to values, migrations: the only SQL."""
