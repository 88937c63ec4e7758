"""Midjourney: the prompt with its options and the number of the job, as the picture's description."""

import re

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, text_of

_JOB = re.compile(r"\s+Job ID: *[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$")
_OPTIONS_MOST = 1000  # characters at the end, where they stand
_SEED = re.compile(r"\s--seed +(\d{1,20})(?=\s|$)")
_NEGATIVE = re.compile(r"\s--no +((?:(?!\s--).)+)")


def read(metadata: MetadataTexts) -> Parameters | None:
    for text in (metadata.text.get("Description"), metadata.xmp.get("dc:description")):
        job = _JOB.search((text or "")[-100:])
        if text and job:
            prompt = text[: len(text) - len(job[0])]
            options = prompt[-_OPTIONS_MOST:]
            seed, negative = _SEED.search(options), _NEGATIVE.search(options)
            return Parameters(
                "Midjourney",
                text_of(prompt),
                negative and text_of(negative[1]),
                seed and number_of(seed[1]),
            )
    return None
