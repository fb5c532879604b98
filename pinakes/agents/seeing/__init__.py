"""Looking at pictures and frames with a model that sees, and hearing videos with one that hears."""
