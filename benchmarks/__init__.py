"""Figures to build towards, measured on the machine at hand and never asserted."""
