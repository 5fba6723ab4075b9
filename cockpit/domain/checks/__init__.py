"""What the pre-open check asks, one file per lane, and the table that lists it."""
