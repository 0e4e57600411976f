"""Spreadsheets: their cells, and Google's methods upon them."""
