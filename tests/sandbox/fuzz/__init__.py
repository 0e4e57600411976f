"""Calls made up from Google's discovery documents, and what must hold whatever they say."""
