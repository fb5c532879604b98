"""What a language model adds to the agents that read: its words, checked against the passages that they rest on."""
