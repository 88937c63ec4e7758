"""Pages of many pictures, with who they show below each."""
