"""The ledger on a small library of our own."""
