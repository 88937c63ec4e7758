"""Kinds of persona files that are known without a mapping: which column means what."""
