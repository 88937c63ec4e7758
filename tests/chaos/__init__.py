"""Processes that are killed, frozen and refused at any moment, and what must be true afterwards.

Each module is one kind of trouble; its functions take a size and a seed, and return a `Report`. The tests run them
small, `python -m benchmarks.chaos --nightly` large.
"""
