/** What jsdom lacks and ProseMirror asks: layout. Nothing here changes behaviour under test. */
const none = {
  length: 0,
  item: () => null,
  [Symbol.iterator]: () => [][Symbol.iterator](),
} as unknown as DOMRectList;

Range.prototype.getClientRects = () => none;
Range.prototype.getBoundingClientRect = () => new DOMRect();
Element.prototype.scrollIntoView = () => {};
document.elementFromPoint = () => null;
