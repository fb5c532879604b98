"""The generator of the sample library: a maintenance crew's year at a small harbour works."""
