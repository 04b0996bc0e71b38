"""Mechanical changes of the Lean text of definitions: the comparison of text and mirror must notice them.

`python -m tests.texts --source DIR` runs a sample, drawn with a written seed, on a checkout, and writes `result.json`
and `RESULT.md`. A change is named by its declaration, its operator and the place of its token, as none of the text
that it changes is kept here.
"""
