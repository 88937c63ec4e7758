"""How fast it is, as ratios: both sides of each run in turns on the machine at hand. Run: python -m benchmarks."""
