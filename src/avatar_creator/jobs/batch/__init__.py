"""Batches: a persona file, of which each picture that is not made yet is made, and none is made or paid twice."""
