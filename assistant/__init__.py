"""Nigao (拟稿): a drafting assistant for Chinese official reports that answers for every figure."""

__version__ = "0.1.0"
