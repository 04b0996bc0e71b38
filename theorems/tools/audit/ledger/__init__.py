"""What the prose claims and what the statements have: lines from the text, from stored instances, and by people."""
