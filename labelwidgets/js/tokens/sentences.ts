/** The given tokens of a text, by the lines in which they stand: a line is a sentence. */

import type { Direction } from "../text/blocks.ts";
import type { Doc } from "../text/doc.ts";

export interface Token {
  /** Its place among all of the text. */
  readonly n: number;
  readonly start: number;
  readonly end: number;
  readonly form: string;
  /** Number of its sentence. */
  readonly sentence: number;
  /** What stands before it and is no token, without blanks. */
  readonly between: string;
  /** Nothing parts it from the token before. */
  readonly joined: boolean;
}

export interface Sentence {
  /** Place of its first token, and of the one after its last. */
  readonly first: number;
  readonly last: number;
  readonly direction: Direction;
}

export interface Parsed {
  readonly tokens: readonly Token[];
  readonly sentences: readonly Sentence[];
}

export const NOTHING: Parsed = { tokens: [], sentences: [] };

const ENDING = /[\n\r\u2028\u2029]/;

export function parsed({ text, edges, blocks }: Doc): Parsed {
  const [tokens, sentences]: [Token[], Sentence[]] = [[], []];
  let [at, first] = [0, 0];
  const close = (last: number) => {
    if (last === first) return;
    const direction = blocks.direction(blocks.at(tokens[first]?.start ?? 0));
    sentences.push({ first, last, direction });
    first = last;
  };
  for (const [n, [start, end]] of (edges.tokens ?? []).entries()) {
    const before = text.slice(at, start);
    if (ENDING.test(before)) close(n);
    const between = before.trim();
    const joined = n > first && before === "";
    tokens.push({ n, start, end, form: text.slice(start, end), sentence: sentences.length, between, joined });
    at = end;
  }
  close(tokens.length);
  return { tokens, sentences };
}
