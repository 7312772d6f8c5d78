"""Photos from before the tool: folders read, checked as a whole, stored as a whole."""
