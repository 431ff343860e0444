/** What the panels need where candidates are compared: the two sides, and the order after one was dragged. */
import { type Candidate, type Data, textOf } from "./candidates.ts";
import type { PairwiseJson } from "./protocol.ts";

/** The two sides, in order. */
export function sides(field: PairwiseJson, data: Data): Candidate[] {
  const texts = field.texts ?? field.columns?.map((column) => textOf(data[column] ?? null)) ?? [];
  return field.options.slice(0, 2).map((option, place) => ({
    id: option.name,
    text: texts[place] ?? "",
    title: option.title,
    option,
  }));
}

/** The ranking after `id` was put at `place` of what is shown: the ranked ones, then the others. */
export function rankedAt(now: readonly string[], id: string, place: number, most: number): string[] {
  const rest = now.filter((each) => each !== id);
  // Below the ranked ones it leaves them, unless all are ranked anyway.
  if (place > rest.length && now.length < most) return rest;
  return [...rest.slice(0, place), id, ...rest.slice(place)].slice(0, most);
}
