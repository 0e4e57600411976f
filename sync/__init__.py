"""surat-sync turns the answers of a village's Google Form into numbered official letters."""

__version__ = "0.1.0"
