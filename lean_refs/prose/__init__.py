"""The prose of Lean source: what it says about modules, sections, declarations and their parts."""
