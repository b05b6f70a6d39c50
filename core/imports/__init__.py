"""Files in.

``reading`` what the product asks, ``reader_process`` the processes that read, ``reader_worker`` one
of them; only in there: ``package`` ``workbook`` ``table`` bytes to cells, ``attendance``
``attachments`` ``ledger.table`` what they mean. ``ledger`` goes on with the rows.
"""
