"""Reports: what a report holds, how it is made from findings, and how it becomes a file."""
