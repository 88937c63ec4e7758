"""Drawings made on the spot: DiceBear's art, dressed as the persona asks; no token, no network.

wish understands what was asked, look decides the rest by seed, choice finds the drawings of an art style that show
it, drawing joins them to one SVG, render makes the file.
"""
