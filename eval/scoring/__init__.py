"""Scores from labels alone: what a draft, a list of findings or a ranking is worth.

Nothing here imports the product: a scorer that shared the recogniser or the checks would repeat their mistakes.
`tests/test_eval_independence.py` keeps it so.
"""
