"""Forms that go out: to each municipality, and merged to whoever asked."""
