"""Photographs through Hugging Face: FLUX.1-dev with a LoRA, on whichever provider serves it.

options -> hub (who serves the model) -> routes (which one, with the LoRA) -> providers (what it is sent) -> calls
(the request, within limits) -> tasks (a picture that is not ready yet) -> answers (is it a picture). photographer leads
from one to the next, and keeps what is paid for (kept). failures turns what the client raises into troubles, and
patience asks again.
"""

import os

# Before the client is imported: it would ask the Hub which agents there are, and obey for a day whatever came back.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
