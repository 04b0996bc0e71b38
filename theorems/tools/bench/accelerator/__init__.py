"""The masked attention on an accelerator, forward and with VJP, by every path of ours and by what else there is."""
