"""Each hypothesis of each theorem, weighed: is it met, is it necessary, and how is that known?"""
