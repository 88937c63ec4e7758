"""Pictures spoilt at random, and all that reads pictures of strangers: `python -m benchmarks.fuzz` in the large."""
