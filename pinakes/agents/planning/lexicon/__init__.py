"""The words that planning's grammar stands on, one TOML file a language."""
