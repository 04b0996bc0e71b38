"""`leanmirror trace` on a small Lean project of our own, which the tutorial in docs/trace.md is about too."""
