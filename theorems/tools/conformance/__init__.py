"""Somebody's implementation of the block or of the masked attention, held against the mirror.

`target` finds the function, `kinds` says how it is called, `calling` calls it, `judging` judges what it returned, `run`
goes through shapes and masks, `report` says what came of it, and `ours` are this project's own two.
"""
