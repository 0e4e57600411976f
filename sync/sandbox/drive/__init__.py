"""Google Drive: files, uploads, permissions, changes, comments and shared drives."""
