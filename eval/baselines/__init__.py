"""The simple ways to do what the product does, run beside it in every suite."""
