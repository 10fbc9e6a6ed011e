"""The writer's notes: Markdown, text, Word or Excel in, a `Brief` out. Knows nothing about figures, models or stores.

`blanks` finds the writer's own gaps, `withheld` what the writer wants left out, `table` writes a table row out as a
clause, `front` reads the head of the notes, `parse` reads the outline and its bullets, `files` turns .docx and .xlsx
into the same Markdown first.
"""

from assistant.brief.files import read_brief, read_notes
from assistant.brief.parse import parse_brief

__all__ = ["parse_brief", "read_brief", "read_notes"]
