"""A terse bullet as a clean clause, by rules only: no model, no figures changed, nothing added that the bullet lacks.

It is the skeleton of every drafted sentence and what a sentence at fault is replaced by. Digits, quoted terms and
titles pass through untouched; what no rule knows stays as the writer typed it.

`signs` reads +, −, → and bare growth; `units` writes out a measure word that a list shares; `labels` opens
“招商：…”; `words` turns note-takers' words into written ones; `order` puts a verb before its object (文稿起草134篇), with the
reviewed lists of `objects`; `verbs` gives a noun with its number the verb it needs; `levels` does so for rates, totals and
places; `marks` mends the joints. A rule that can be wrong on other text does not fire.
"""

from assistant.plain.clause import clause, table_clause

__all__ = ["clause", "table_clause"]
