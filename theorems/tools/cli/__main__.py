"""`python -m theorems.tools.cli`, where the console script is not installed."""

from theorems.tools.cli import main

main(prog_name="leanmirror")
