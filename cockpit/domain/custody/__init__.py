"""Who holds the one brokerage session and the live data of a username, minute by minute, and what a sign-in takes."""
