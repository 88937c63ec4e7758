"""Kinds of persona files that are known without a mapping: which column means what."""

from avatar_creator.persona_files.kinds.avatars import AVATARS
from avatar_creator.persona_files.kinds.data_designer import DATA_DESIGNER
from avatar_creator.persona_files.kinds.fairface import FAIRFACE
from avatar_creator.persona_files.kinds.faker import FAKER
from avatar_creator.persona_files.kinds.kind import Kind, Sample
from avatar_creator.persona_files.kinds.nemotron import NEMOTRON
from avatar_creator.persona_files.kinds.openpeople import OPENPEOPLE
from avatar_creator.persona_files.kinds.personahub import PERSONAHUB
from avatar_creator.persona_files.kinds.tinytroupe import TINYTROUPE, refuse_population
from avatar_creator.persona_files.kinds.utkface import UTKFACE

PLAIN = Kind("a table", lambda _: True, lambda _: ())

# In this order: what one kind has alone goes before what others may have as well.
KINDS = (AVATARS, NEMOTRON, DATA_DESIGNER, TINYTROUPE, OPENPEOPLE, FAIRFACE, UTKFACE, FAKER, PERSONAHUB)


def recognised(sample: Sample) -> Kind:
    """Return the kind of a file, by its columns and first records. Raises InvalidInput for what lists no people."""
    kind = next((kind for kind in KINDS if kind.recognises(sample)), PLAIN)
    if kind is PLAIN:
        refuse_population(sample)
    return kind
