"""Agentic chat over your own images, documents, links and videos."""
