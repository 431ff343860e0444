/** What choosing a label does to the value of its field. */

import { sameJson } from "./annotations.ts";
import { mostRanked, ranked, rankedIn, rankedNext } from "./candidates.ts";
import type { FieldJson, Json, RankingJson } from "./protocol.ts";
import type { Taxonomy } from "./taxonomy.ts";

/**
 * The field's value after its label `id` was chosen, of a task with this `data`; `undefined` where a label can't be a value
 * (an inner node of a taxonomy that asks for leaves, a region field).
 */
export function picked(
  field: FieldJson,
  taxonomy: Taxonomy,
  now: Json,
  id: string,
  data: { [column: string]: Json } = {},
): Json | undefined {
  switch (field.kind) {
    case "choice":
      return field.multiple ? toggledOption(taxonomy, now, id) : toggled(field.required, now, id);
    case "pairwise":
      return toggled(field.required, now, id);
    case "ranking":
      return pickedNext(field, rankedIn(now), id, data);
    case "rating":
      return toggled(field.required, now, Number(id));
    case "taxonomy": {
      if (!field.partial && !taxonomy.isLeaf(id)) return undefined;
      const path = taxonomy.path(id);
      return field.multiple ? toggledPath(now, path) : toggled(field.required, now, path);
    }
    default:
      return undefined;
  }
}

/** What a row brings along is named by its place, from 1: keys are given out before the row is known. */
function pickedNext(
  field: RankingJson,
  now: readonly string[],
  id: string,
  data: { [column: string]: Json },
): Json | undefined {
  const all = ranked(field, data).map((candidate) => candidate.id);
  const chosen = field.column === null ? id : all[Number(id) - 1];
  return chosen === undefined ? undefined : rankedNext(now, chosen, all, mostRanked(field, all.length));
}

/** The same again takes it back, where an answer may be missing. */
function toggled(required: boolean, now: Json, value: Json): Json {
  return !required && sameJson(now, value) ? null : value;
}

function toggledOption(taxonomy: Taxonomy, now: Json, id: string): Json {
  const chosen = new Set(Array.isArray(now) ? (now as string[]) : []);
  if (!chosen.delete(id)) chosen.add(id);
  // In the schema's order, as the store has it: so that the same choice is the same value.
  return taxonomy.labels.map(({ name }) => name).filter((name) => chosen.has(name));
}

function toggledPath(now: Json, path: string[]): Json {
  const paths = Array.isArray(now) ? (now as string[][]) : [];
  const rest = paths.filter((each) => !sameJson(each, path));
  return rest.length < paths.length ? rest : [...paths, path];
}
