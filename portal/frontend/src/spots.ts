// Where the lit words stand on a page of the original.

type Box = [left: number, top: number, right: number, bottom: number];

export interface PageLayout {
  width: number;
  height: number;
  scanned: boolean;
  hits: Box[][];
}

/** A box in percent of its page, for a page drawn at any size. */
export function placed(
  box: Box,
  page: { width: number; height: number },
): Record<"left" | "top" | "width" | "height", string> {
  const [left, top, right, bottom] = box;
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(3)}%`;
  return {
    left: percent(left, page.width),
    top: percent(top, page.height),
    width: percent(right - left, page.width),
    height: percent(bottom - top, page.height),
  };
}
