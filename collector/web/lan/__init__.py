"""Serving tablets on the school's own network: names, certificates, the page that explains them."""
