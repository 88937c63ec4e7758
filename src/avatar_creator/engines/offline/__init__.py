"""Drawings made on the spot: DiceBear's art, dressed as the persona asks; no token, no network.

words reads what was asked, look decides the rest by seed, artstyle says which drawing of an art style shows it,
drawing joins the drawings to one SVG, render makes the file.
"""
