// Filtering the pieces of a case file as one types: every word must stand in the line.

export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export function matches(line: string, asked: string): boolean {
  const folded = fold(line);
  return fold(asked)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

export function enhanceFilter(input: HTMLInputElement): void {
  const list = input.closest(".list");
  if (!list) return;
  input.hidden = false;
  input.addEventListener("input", () => {
    for (const group of list.querySelectorAll<HTMLElement>(".group")) {
      let shown = 0;
      for (const line of group.querySelectorAll<HTMLElement>("li")) {
        line.hidden = !matches(line.textContent ?? "", input.value);
        if (!line.hidden) shown += 1;
      }
      group.hidden = shown === 0;
    }
  });
}
