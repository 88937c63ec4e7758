"""Persona files: their formats, the kinds of them that are known, and what their rows ask for."""
