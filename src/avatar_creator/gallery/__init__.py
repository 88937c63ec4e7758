"""Avatars as a page to look at: one file, or a folder with the pictures beside it. It asks nobody for anything."""
