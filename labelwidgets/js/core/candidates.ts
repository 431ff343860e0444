/** What a task brings along to be compared or ranked, as texts with ids. */
import type { Json, LabelJson, RankingJson } from "./protocol.ts";

export interface Candidate {
  id: string;
  text: string;
  /** What people call it: "A", "Answer 2", or the option's title. */
  title: string;
  /** The option it stands for, where the schema has one. */
  option: LabelJson | null;
}

export type Data = { [column: string]: Json };

/** Keys under which a dict may hold what is said, and who says it. */
const SAYINGS = ["text", "content", "value", "utterance"] as const;
const SPEAKERS = ["speaker", "role", "from", "author", "name"] as const;

/** What is ranked, in the order given. */
export function ranked(field: RankingJson, data: Data): Candidate[] {
  if (field.column === null)
    return field.options.map((option) => ({
      id: option.name,
      text: option.description,
      title: option.title,
      option,
    }));
  const given = data[field.column];
  if (!Array.isArray(given)) return [];
  return given.map((each, place) => ({
    id: idOf(each, place),
    text: textOf(each),
    title: `Answer ${place + 1}`,
    option: null,
  }));
}

/** How many an answer ranks. */
export function mostRanked({ top }: RankingJson, count: number): number {
  return Math.min(top ?? count, count);
}

/** Ids in a value of a ranking. */
export function rankedIn(value: Json): string[] {
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : [];
}

/**
 * The ranking after `id` was chosen: it comes next, or goes out when it was in. Where only one is left to be ranked, it is
 * the last.
 */
export function rankedNext(
  now: readonly string[],
  id: string,
  all: readonly string[],
  most: number,
): string[] {
  if (now.includes(id)) return now.filter((each) => each !== id);
  if (now.length >= most) return [...now];
  const next = [...now, id];
  const rest = all.filter((each) => !next.includes(each));
  return most === all.length && rest.length === 1 ? [...next, ...rest] : next;
}

/** A text out of a cell: itself, of a dict what it says, of turns one line each. */
export function textOf(value: Json): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(lineOf).join("\n");
  if (typeof value !== "object") return String(value);
  const said = SAYINGS.map((key) => value[key]).find((each) => each !== undefined && each !== null);
  return typeof said === "string" ? said : JSON.stringify(said ?? value);
}

function lineOf(turn: Json): string {
  if (turn === null || typeof turn !== "object" || Array.isArray(turn)) return textOf(turn);
  const speaker = SPEAKERS.map((key) => turn[key]).find((each) => typeof each === "string" && each !== "");
  return speaker ? `${speaker}: ${textOf(turn)}` : textOf(turn);
}

function idOf(value: Json, place: number): string {
  const id = value !== null && typeof value === "object" && !Array.isArray(value) ? value.id : null;
  return id === null || id === undefined ? String(place) : String(id);
}
