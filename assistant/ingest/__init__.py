"""Files of past reports -> Documents. One file per format family; `reading` tells them apart.

encodings  bytes of a text file -> text            word, numbering, xml   .docx
markup     HTML, Markdown, HTML remains in .txt    sheets                 .xlsx .csv
pdf, pages .pdf with a text layer                  office                 .doc .wps .rtf .odt .xls by LibreOffice
ofd        .ofd                                    ocr                    scanned pages, optional
files      folders and zip archives                zipped                 zip containers, safely
"""

from assistant.ingest.files import FoundFile, find_files
from assistant.ingest.layout import Paragraph, Reading
from assistant.ingest.reading import read_document, read_layout, read_text

__all__ = ["FoundFile", "Paragraph", "Reading", "find_files", "read_document", "read_layout", "read_text"]
