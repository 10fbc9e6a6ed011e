"""`python -m assistant.cli` is the same as `nigao`."""

from assistant.cli import main

main()
