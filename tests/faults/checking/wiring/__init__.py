"""Deliberate faults of the wiring of theorems: for every theorem what it claims, asks for, draws and is called."""
