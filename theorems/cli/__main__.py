"""`python -m theorems.cli`, where the console script is not installed."""

from theorems.cli import main

main(prog_name="leanmirror")
