"""Texts in JSON and YAML as values, with limits: what strangers wrote is no bomb and holds no objects."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.documents import reading, yaml_values
else:
    __getattr__ = submodules(__name__)
