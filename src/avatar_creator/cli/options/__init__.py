"""Options that several commands share or that take work to read, and questions asked before a loss or a cost."""
