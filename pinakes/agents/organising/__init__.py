"""Reading what is to be changed in a library, and proposing exactly that: folders, moves, names, tags, removals."""
