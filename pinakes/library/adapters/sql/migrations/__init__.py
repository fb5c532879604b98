"""Migrations of the catalog, run when it is opened."""
