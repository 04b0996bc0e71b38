"""What talks to Lean: the files that are derived for it, the run of Lean over them, and what it answers."""
