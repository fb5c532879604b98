"""The nodes of the graph, one module each; every factory binds resources and returns the node."""
