"""How what a command says looks: the one sink, and lines, tables, cards and progress."""
