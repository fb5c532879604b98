"""The `pinakes` command."""
