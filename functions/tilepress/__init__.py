"""Upload a Markdown file; a second later its page is live, its tile is on the overview, and everything that mentions it agrees."""
