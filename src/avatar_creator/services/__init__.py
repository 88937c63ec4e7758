"""What the tool does: work that joins two or more parts."""
