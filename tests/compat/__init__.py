"""`make compat`: the wheel in fresh environments, beside other people's plugins and packages. It needs a network.

No third-party plugin of this trial is in the lock: what is tried is what people install today.
"""
