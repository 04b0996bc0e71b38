"""The pages that people read, held against the code: snippets, commands, options, counts, links, words.

`python -m tests.docs` writes the counts anew; everything else on a page is written by a person.
"""
