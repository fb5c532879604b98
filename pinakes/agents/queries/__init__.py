"""Reading what a question asks for: dates, filters, names and measures, by plain grammar and lexicons."""
