"""Where it is kept: one SQLite file and a folder of pictures."""
