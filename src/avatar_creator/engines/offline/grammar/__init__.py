"""How texts are read: phrases, numbers and ages, refusals, and whom a word is about."""
