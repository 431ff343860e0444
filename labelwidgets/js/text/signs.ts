/** Signs for what can't be seen: blanks, tabs, line ends, and characters without a width. */

const NAMED: Readonly<Record<string, string>> = {
  " ": "·",
  "\t": "→",
  "\u00a0": "°",
  "\u00ad": "SHY",
  "\u034f": "CGJ",
  "\u061c": "ALM",
  "\u200b": "ZWSP",
  "\u200c": "ZWNJ",
  "\u200d": "ZWJ",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2060": "WJ",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\u3000": "□",
  "\ufe0e": "VS15",
  "\ufe0f": "VS16",
  "\ufeff": "BOM",
};

const ENDINGS: Readonly<Record<string, string>> = {
  "\n": "↵",
  "\r\n": "␍␊",
  "\r": "␍",
  "\u2028": "LS",
  "\u2029": "PS",
};

/** All that has no ink of its own. */
const INVISIBLE = /\u034f|[\ufe00-\ufe0f]|[\p{Cc}\p{Cf}\p{Zs}\p{Cn}\p{Co}\p{Cs}]/gu;

/** A stretch of a block: ordinary text (sign null), or one character and its sign. */
export interface Stretch {
  readonly text: string;
  readonly sign: string | null;
  /** The sign takes the place that the character lacks. */
  readonly wide: boolean;
}

/** Cuts a text at its invisible characters. */
export function signed(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const { index, 0: sign } of text.matchAll(INVISIBLE)) {
    if (index > at) stretches.push({ text: text.slice(at, index), sign: null, wide: false });
    stretches.push({ text: sign, sign: signOf(sign), wide: !/[\p{Zs}\t]/u.test(sign) });
    at = index + sign.length;
  }
  if (at < text.length) stretches.push({ text: text.slice(at), sign: null, wide: false });
  return stretches;
}

export function signOf(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const point = character.codePointAt(0) ?? 0;
  // The pictures of control characters.
  if (point < 0x20) return String.fromCodePoint(0x2400 + point);
  return /\p{Zs}/u.test(character) ? "·" : `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The sign of a line ending; "" for none. */
export function endingSign(ending: string): string {
  return ENDINGS[ending] ?? "";
}
