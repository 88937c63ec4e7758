"""What the user types and sees."""
