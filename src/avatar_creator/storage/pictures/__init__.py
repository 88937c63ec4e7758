"""Picture files: their bytes, their marks, and the folder they are kept in."""
