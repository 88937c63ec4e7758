"""What users type: one file a group of commands; each parses, makes one call into the core, and prints."""
