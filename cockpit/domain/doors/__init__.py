"""Which addresses are the broker's: a link is taken apart, compared with the official hosts, and judged in words."""
