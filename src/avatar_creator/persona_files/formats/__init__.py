"""File formats: bytes as records. What a column means is not known here."""
