"""The words the offline engine knows: data, one line a word. The grammar finds them in texts."""
