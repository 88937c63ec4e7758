"""What it is about: pure values, no input, no output, no clock."""
