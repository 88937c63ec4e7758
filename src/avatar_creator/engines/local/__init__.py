"""Photographs on the user's own card, by diffusers. Nothing is downloaded here: `avatar models pull` does that."""
