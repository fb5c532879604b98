"""From pieces of text with places on a page to lines, columns, tables and paragraphs in reading order."""
