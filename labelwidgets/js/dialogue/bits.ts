/** A turn's text cut where spans begin and end, so that each bit lies in the same spans as a whole. */

import type { Placed } from "../text/spans.ts";

export interface Bit {
  readonly start: number;
  readonly end: number;
  /** The spans it lies in, the outermost first. */
  readonly spans: readonly Placed[];
  /** Those that end with it. */
  readonly ends: readonly Placed[];
}

/** The bits of the stretch, in order; `spans` are those that share a unit with it, in reading order. */
export function bitsOf(start: number, end: number, spans: readonly Placed[]): Bit[] {
  const edges = new Set([start, end]);
  for (const { parts } of spans)
    for (const part of parts) for (const edge of part) if (edge > start && edge < end) edges.add(edge);
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, i) => {
    const to = cuts[i + 1] as number;
    const inside = spans.filter(({ parts }) => parts.some(([first, last]) => first <= from && to <= last));
    return { start: from, end: to, spans: inside, ends: inside.filter((span) => span.end === to) };
  });
}
