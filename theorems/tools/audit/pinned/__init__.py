"""Numbers that the Lean text of each definition gives at fixed instances, kept where there is no text."""
