"""Every read, one view a page."""
