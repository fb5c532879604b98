"""Scripts in the style of the hosted client's guides."""
