"""Backups, restoring, and the doctor."""
