"""Provider edges: one technology a module."""
