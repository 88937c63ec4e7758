"""Python imports this first in every process of a chaos test: the program itself knows nothing of it."""

import os

if os.environ.get("CHAOS_TILL"):
    from chaos import trouble

    trouble.begin(os.environ)
