"""Expert support (支援): from a wish to its contract."""
