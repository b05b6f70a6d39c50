"""事務局KPI: what the page draws."""
