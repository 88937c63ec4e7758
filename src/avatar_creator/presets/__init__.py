"""The presets and persona examples that come with avatar, and presets that are read from files."""

from avatar_creator.presets.built_in import built_in_names, find_built_in, find_persona_examples, read_built_in

__all__ = ["built_in_names", "find_built_in", "find_persona_examples", "read_built_in"]
