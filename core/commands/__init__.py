"""Every write: one function, one transaction, one audit entry."""
