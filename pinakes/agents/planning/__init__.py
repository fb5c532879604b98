"""Planning a turn: which agents, in which order, each with an intent that stands on its own."""
