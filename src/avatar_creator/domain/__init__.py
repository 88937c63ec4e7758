"""What it is about: pure values, no input, no output, no clock."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.domain import (
        age_ranges,
        assignments,
        attributes,
        choices,
        comparison,
        fields,
        filters,
        findings,
        natural,
        persona,
        picture,
        preset,
        price,
        prompt,
        request,
        schedule,
        search,
        spending,
        stats,
        synonyms,
        tags,
        text,
        versions,
        worker_status,
    )
else:
    __getattr__ = submodules(__name__)
