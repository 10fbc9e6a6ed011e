"""补入 on the page: the sentence that brings a note into its section, as `nigao draft --force-in` makes it."""

from assistant.forced import as_sentence, sentence_for

__all__ = ["as_sentence", "sentence_for"]
