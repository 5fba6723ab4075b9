"""The authenticator box: a code that is hidden until held, its clock, and how one is set up."""
