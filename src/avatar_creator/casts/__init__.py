"""Casts: people who are made by quota, as rows of a persona file that is computed."""
