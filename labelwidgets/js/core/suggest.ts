/** A model's suggestion beside the answer: what is undecided, and how a person decides. */
import { type Answer, isRegionKind, SUGGESTION } from "./annotations.ts";
import { textOf } from "./candidates.ts";
import type { Suggestion } from "./desk.ts";
import type { Json, RegionJson, SchemaJson, TaskPush, Values } from "./protocol.ts";

/** As it lies among the values; `used` once anything of it was accepted or corrected. */
interface Lying extends Suggestion {
  used: boolean;
}

/** The values of an untouched task: nothing but the first prediction, undecided. */
export function suggested(schema: SchemaJson, { predictions }: TaskPush): Values {
  const [first] = predictions;
  if (!first) return {};
  const said = schema.fields.filter(({ name }) => !isEmpty(first.values[name]));
  const values = Object.fromEntries(said.map(({ name }) => [name, first.values[name] ?? null]));
  const lying: Lying = { ...first, values, used: false };
  return said.length > 0 ? { [SUGGESTION]: lying as unknown as Json } : {};
}

/** The values of a task before anybody has touched it: texts that start from others, and what a model suggests. */
export function untouched(schema: SchemaJson, task: TaskPush): Values {
  return { ...begun(schema, task), ...suggested(schema, task) };
}

function begun({ fields }: SchemaJson, { data }: TaskPush): Values {
  const texts = fields.flatMap((field) =>
    field.kind === "text" && field.begin !== null
      ? [[field.name, textOf(data[field.begin] ?? null) || null]]
      : [],
  );
  return Object.fromEntries(texts) as Values;
}

/** What nobody has decided about yet; null when there is nothing. */
export function undecided(values: Values): Suggestion | null {
  const lying = lyingIn(values);
  return lying && Object.keys(lying.values).length > 0 ? lying : null;
}

/** "name:version" of the model an answer started from, null when it owes nothing to one. */
export function startedFrom(values: Values): string | null {
  const lying = lyingIn(values);
  return lying?.used ? `${lying.model}:${lying.version}` : null;
}

/** The person takes all that is undecided; false when nothing is. */
export function accept(answer: Answer): boolean {
  const suggestion = undecided(answer.values.value);
  if (!suggestion) return false;
  answer.gesture(() => {
    for (const { name, kind } of answer.schema.fields) {
      const value = suggestion.values[name];
      if (value === undefined) continue;
      if (isRegionKind(kind)) answer.put(name, value as unknown as RegionJson[]);
      else answer.set(name, value);
    }
    leave(answer, {}, true);
  });
  return true;
}

export function reject(answer: Answer): boolean {
  const suggestion = undecided(answer.values.value);
  if (suggestion) leave(answer, {}, false);
  return suggestion !== null;
}

/** Decides about some suggested regions of a field. */
export function decideRegions(answer: Answer, field: string, ids: Iterable<string>, taken: boolean): void {
  const values = undecided(answer.values.value)?.values;
  if (!values) return;
  const wanted = new Set(ids);
  const regions = (values[field] ?? []) as unknown as RegionJson[];
  const { [field]: _, ...others } = values;
  const rest = regions.filter(({ id }) => !wanted.has(id));
  answer.gesture(() => {
    if (taken)
      answer.put(
        field,
        regions.filter(({ id }) => wanted.has(id)),
      );
    leave(answer, rest.length > 0 ? { ...others, [field]: rest as unknown as Json } : others, taken);
  });
}

/** The person has answered a field herself: that corrects what was suggested for it. */
export function correct(answer: Answer, field: string): void {
  const values = undecided(answer.values.value)?.values;
  const kind = answer.schema.fields.find(({ name }) => name === field)?.kind;
  // A drawn region says nothing about the suggested ones.
  if (!values || values[field] === undefined || kind === undefined || isRegionKind(kind)) return;
  const { [field]: _, ...others } = values;
  leave(answer, others, true);
}

function leave(answer: Answer, values: Values, used: boolean): void {
  const lying = lyingIn(answer.values.value);
  if (lying) answer.set(SUGGESTION, { ...lying, values, used: lying.used || used } as unknown as Json);
}

function lyingIn(values: Values): Lying | null {
  return (values[SUGGESTION] as unknown as Lying | undefined) ?? null;
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
