"""Values that every layer shares: pure pydantic, no input or output."""
