"""What can be computed from texts and measured facts without a language or vision model."""
