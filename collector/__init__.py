"""Consent, capture and storage of children's facial expressions."""
