"""What stands around every page: menu, sidebar, sign-in, the page's HTML."""
