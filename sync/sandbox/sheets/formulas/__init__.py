"""Formulas: read, computed, and rewritten when the cells that they name move."""
