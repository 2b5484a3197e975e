/**
 * French typography while typing. Each rule is an input rule: Backspace right after takes it back.
 *
 * Source: Lexique des règles typographiques en usage à l'Imprimerie nationale; a narrow no-break space
 * inside guillemets and before `;`, `!` and `?`, a full one before `:`.
 */
import { Extension, InputRule } from "@tiptap/core";

const NARROW = "\u202f";
const NO_BREAK = "\u00a0";

/** A rule: `find` ends at the caret and `write` gives what the last `width` characters become. */
export interface Rule {
  find: RegExp;
  /** Characters before the caret that are replaced, the one just typed included. */
  width: (match: RegExpMatchArray) => number;
  write: (match: RegExpMatchArray) => string;
}

const whole = (match: RegExpMatchArray) => match[0].length;

export const RULES: readonly Rule[] = [
  { find: /«[^»]* "$/u, width: () => 2, write: () => `${NARROW}»` },
  { find: /«\u202f $/u, width: whole, write: () => `«${NARROW}` },
  { find: /(?:^|[\s([{«—–’'\u00a0\u202f])"$/u, width: () => 1, write: () => `«${NARROW}` },
  { find: / "$/u, width: whole, write: () => `${NARROW}»` },
  { find: /"$/u, width: () => 1, write: () => `${NARROW}»` },
  { find: /<<$/u, width: whole, write: () => `«${NARROW}` },
  { find: / ?>>$/u, width: whole, write: () => `${NARROW}»` },
  { find: / ([;!?»])$/u, width: whole, write: (match) => NARROW + (match[1] ?? "") },
  { find: / :$/u, width: whole, write: () => `${NO_BREAK}:` },
  { find: /'$/u, width: whole, write: () => "’" },
  { find: /\.\.\.$/u, width: whole, write: () => "…" },
  { find: /(?:^|[^\p{L}])[nN]° (\d)$/u, width: () => 2, write: (match) => NO_BREAK + (match[1] ?? "") },
];

/** What `text`, whose last character was just typed, becomes; the same string where no rule speaks. */
export function typeset(text: string): string {
  for (const rule of RULES) {
    const match = rule.find.exec(text);
    if (match) return text.slice(0, text.length - rule.width(match)) + rule.write(match);
  }
  return text;
}

function inputRule(rule: Rule): InputRule {
  return new InputRule({
    find: rule.find,
    handler: ({ state, range, match }) => {
      state.tr.insertText(rule.write(match), range.from + match[0].length - rule.width(match), range.to);
    },
  });
}

export const Typography = Extension.create({
  name: "frenchTypography",
  addInputRules: () => RULES.map(inputRule),
});
