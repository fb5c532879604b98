"""Setting statements against each other: what they measure, date, pay, name, allow or forbid, and who agrees."""
