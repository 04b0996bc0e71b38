"""The section "ledger", on the small library and on TorchLean."""
