"""Videos: what their files say, where they are cut, and what can be read and measured on their frames."""
