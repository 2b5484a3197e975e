"""The frame (*cadre*) of a PDF page: which part shows, how it is turned, and where a point of it stands."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2 as pdfium

Box = tuple[float, float, float, float]
"""In PDF space: left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the page that shows, and how it is turned; maps PDF space to points from the top left."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Frame:
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation() % 360)

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation in (90, 270) else (width, height)

    def place(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as shown."""
        if self.rotation == 90:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 180:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        if self.rotation == 270:
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom
