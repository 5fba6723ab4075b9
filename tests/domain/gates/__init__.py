"""Tests of the gates, the ladder and the routes."""
