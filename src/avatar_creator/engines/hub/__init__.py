"""What all engines share that speak to the Hub.

credentials     the token or key, and which host may see it
http_limits     time, size and destination of every request
addresses       which addresses a request may go to
response_body   what a service says in a response that is no picture
plain_client    huggingface_hub without its own bars, warnings and second HTTP client
"""

import os

# Before the client is imported: it would ask the Hub which agents there are, and obey for a day whatever came back.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
