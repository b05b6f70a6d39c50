"""Files out: workbooks and tables made from what views return."""
