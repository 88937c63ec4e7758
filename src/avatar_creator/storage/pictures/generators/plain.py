"""PNG texts with the names of what they hold, a value each: Easy Diffusion's form, and that of many a script.

A prompt alone does not tell which tool, if any, made the picture of it.
"""

from pathlib import PureWindowsPath

from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters, number_of, text_of

_MODEL = "use_stable_diffusion_model"


def read(metadata: MetadataTexts) -> Parameters | None:
    text = {keyword.lower().replace(" ", "_"): value for keyword, value in metadata.text.items()}
    prompt = text_of(text.get("prompt"))
    if prompt is None or metadata.json_object(prompt):
        return None
    model = text_of(text.get(_MODEL))
    return Parameters(
        "Easy Diffusion" if _MODEL in text else None,
        prompt,
        text_of(text.get("negative_prompt")),
        number_of(text.get("seed")),
        PureWindowsPath(model).name if model else None,  # which takes both kinds of slash
    )
