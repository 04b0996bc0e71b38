"""`python -m theorems.cli`, where the console script is not installed."""

from theorems.cli import main

if __name__ == "__main__":
    main(prog_name="leanmirror")
