"""What everything is counted, dated and named with; knows nothing of the project."""
