"""What a session asks of a child: protocols as data, their stories, and what is asked next."""
