"""Videos and saved pages: what a question asks of them, and which moments answer it."""
