"""Google Forms: the sample form, its page, and how an answer becomes a row."""
