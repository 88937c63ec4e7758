"""The tenth step, with which pictures are judged and compared. Once released it is never edited."""

# `perceptual_hash` of an avatar is that of its picture, as hexadecimal digits: pictures that look alike have hashes
# that differ in few bits. NULL: none was made yet.
QUALITY = """
ALTER TABLE avatars ADD COLUMN perceptual_hash TEXT;
"""
