"""Persona files: their formats, the kinds of them that are known, and what their rows ask for."""

from avatar_creator.persona_files.reader import AS_OF, PersonaFile, open_persona_file

__all__ = ["AS_OF", "PersonaFile", "open_persona_file"]
