"""Tests of archives that are taken in."""
