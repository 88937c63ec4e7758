"""Avatars on their way out: files under names that users choose, who is in which, and the rows of a library."""
