"""Photographs through Hugging Face: FLUX.1-dev with a LoRA, on whichever provider serves it.

options -> hub (who serves the model) -> routes (which one, with the LoRA) -> providers (what it is sent) -> calls
(the request, within limits) -> tasks (a picture that is not ready yet) -> answers (is it a picture). photographer leads
from one to the next, and keeps what is paid for (kept). failures turns what the client raises into troubles, and
patience asks again.
"""
