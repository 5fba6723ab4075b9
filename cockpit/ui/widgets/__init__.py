"""Small widgets that know Qt and nothing of the desk beyond its levels."""
