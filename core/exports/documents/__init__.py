"""書類: the papers of a subsidy's way, filled in from templates; ours, marked 参考様式, until there are others."""
