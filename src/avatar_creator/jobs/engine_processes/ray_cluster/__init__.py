"""Engine processes as actors on the nodes of a Ray cluster."""
