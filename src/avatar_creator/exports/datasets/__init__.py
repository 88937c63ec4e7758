"""Avatars as data sets, which people train and test models with."""
