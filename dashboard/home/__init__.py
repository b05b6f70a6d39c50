"""ホーム: what the page draws."""
