/** A text with everything that is known of it before it is laid out. */

import type { TaskPush } from "../core/protocol.ts";
import { Blocks } from "./blocks.ts";
import { Edges, type Range } from "./edges.ts";
import { Offsets } from "./offsets.ts";

/** Above this many UTF-16 units, or blocks, only what is in sight is in the page. */
const LONG = 20_000;
const MANY = 400;

export interface Doc {
  readonly text: string;
  readonly offsets: Offsets;
  readonly blocks: Blocks;
  readonly edges: Edges;
  /** Only what is in sight is in the page. */
  readonly isLong: boolean;
}

export function docOf(text: string, tokens: readonly (readonly [number, number])[] | null = null): Doc {
  const offsets = new Offsets(text);
  const blocks = new Blocks(text);
  const given = tokens?.map(([start, end]): Range => [offsets.toUnit(start), offsets.toUnit(end)]) ?? null;
  const isLong = text.length > LONG || blocks.count > MANY;
  return { text, offsets, blocks, edges: new Edges(blocks, given), isLong };
}

/** The text that a task's offsets count in: its own, its bytes, or the column that is not merely shown beside it. */
export function textOf(push: TaskPush, media: Uint8Array | null, beside: readonly string[]): string {
  if (push.media.text !== undefined) return push.media.text;
  // A byte order mark is a character of the text like any other.
  if (media) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(media);
  const names = Object.keys(push.data);
  const name = names.find((each) => !beside.includes(each)) ?? names.at(-1);
  const value = name === undefined ? "" : push.data[name];
  return typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
}
