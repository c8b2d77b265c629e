"""`python -m klantreis`: the command line, also where its folder is not on the path."""

from klantreis.cli import main

if __name__ == "__main__":
    main()
