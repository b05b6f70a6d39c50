"""様式の照会: a workbook from elsewhere that is handed out, filled in, checked and merged."""
