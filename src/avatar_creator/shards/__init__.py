"""Plans that are split: each part of one is made anywhere, and what is made of all of them is merged into a home."""
