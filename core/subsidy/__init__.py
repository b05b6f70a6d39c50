"""補助金: the way of a subsidy from the application to the money."""
