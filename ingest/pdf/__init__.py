"""PDF: text in reading order with the place of each word, by PDFium; scanned pages by OCR."""

from ingest.pdf.document import Pdf

__all__ = ["Pdf"]
