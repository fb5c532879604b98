"""The client: one object that holds an open library and its conversations."""
