/** A dialogue as it is shown: who says what, on which side, in whose colour. */

import type { DeskTask } from "../core/desk.ts";
import { type Doc, docOf } from "../text/doc.ts";

export interface Said {
  readonly place: number;
  readonly speaker: string;
  /** Number of the speaker, by first appearance. */
  readonly who: number;
  /** The same speaker goes on. */
  readonly goesOn: boolean;
  /** Where it lies in the dialogue's text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface Talk {
  readonly doc: Doc;
  readonly turns: readonly Said[];
  readonly speakers: readonly string[];
}

export const SILENCE: Talk = { doc: docOf(""), turns: [], speakers: [] };

/** The dialogue of a task; a text without turns is one turn of nobody. */
export function talkOf(task: DeskTask | null): Talk {
  const { media } = task?.push ?? {};
  if (!media || media.broken !== undefined) return SILENCE;
  const doc = docOf(media.text ?? "");
  const given = media.turns ?? [];
  const speakers: string[] = [];
  let before = "";
  const turns = given.map(({ speaker, start, end }, place): Said => {
    if (!speakers.includes(speaker)) speakers.push(speaker);
    const goesOn = place > 0 && speaker === before;
    before = speaker;
    const [from, to] = [doc.offsets.toUnit(start), doc.offsets.toUnit(end)];
    return { place, speaker, who: speakers.indexOf(speaker), goesOn, start: from, end: to };
  });
  return { doc, turns, speakers };
}

/** The turn that holds a unit of the text. */
export function turnAt({ turns }: Talk, unit: number): number {
  let [low, high] = [0, turns.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((turns[middle] as Said).start <= unit) low = middle;
    else high = middle;
  }
  return low;
}

/** Of two, or of two and somebody who only leads in, one sits opposite; a larger round has one side. */
export function sideOf(who: number, speakers: number): "start" | "end" {
  return who === 1 && speakers <= 3 ? "end" : "start";
}

/** Speakers with a colour of their own; further ones begin again. */
export const WHO = 6;

/** One or two letters for a name. */
export function initials(speaker: string): string {
  const words = speaker
    .trim()
    .split(/[\s_\-.]+/u)
    .filter(Boolean);
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}
