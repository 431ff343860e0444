/** The values of the task on the desk. Every change replaces, is told with its origin, and belongs to a gesture. */
import type { FieldJson, Json, RegionJson, SchemaJson, Values } from "./protocol.ts";
import { Cell, type Signal } from "./signal.ts";

/** Who changed: the person; the kernel or a model; nobody (a task was laid on the desk). Undo sees only "local". */
export type Origin = "local" | "remote" | "silent";

export interface Change {
  field: string;
  before: Json;
  after: Json;
  origin: Origin;
  /** Number of the gesture it belongs to: changes of one number are undone together. */
  gesture: number;
  /** The regions that were put or removed; null when the value was replaced as a whole. */
  ids: readonly string[] | null;
}

/**
 * Name under which the undecided suggestion lies among the values: no field can have it. So undo, drafts and
 * going back treat decisions about a suggestion like any other change; it is never sent as a value.
 */
export const SUGGESTION = "";

const REGION_KINDS: ReadonlySet<string> = new Set(["boxes", "spans", "turns", "relations"]);

/** Whether a field's value is a list of regions. */
export function isRegionKind(kind: string): boolean {
  return REGION_KINDS.has(kind);
}

/** The value of every field of an untouched task: no regions, nothing said. */
export function emptyValues(schema: SchemaJson): Values {
  return Object.fromEntries(schema.fields.map((field) => [field.name, emptyValue(field)]));
}

/** Where "there is no answer" is one, an untouched task must not say so by itself. */
function emptyValue(field: FieldJson): Json {
  const said = field.kind === "spans" && field.unanswerable;
  return isRegionKind(field.kind) && !said ? [] : null;
}

/** The values that are an answer: those of fields. */
export function plainValues(values: Values): Values {
  const { [SUGGESTION]: _, ...plain } = values;
  return plain;
}

/** Every field of the schema, with what `values` says of it. */
export function completeValues(schema: SchemaJson, values: Values): Values {
  const complete = emptyValues(schema);
  for (const field of Object.keys(complete)) complete[field] = values[field] ?? complete[field] ?? null;
  if (values[SUGGESTION]) complete[SUGGESTION] = values[SUGGESTION];
  return complete;
}

export class Answer {
  #schema: SchemaJson;
  readonly #values: Cell<Values>;
  readonly #listeners = new Set<(change: Change) => void>();
  #gesture = 0;
  #open = 0;
  #rollback: Values | null = null;

  constructor(schema: SchemaJson) {
    this.#schema = schema;
    this.#values = new Cell(emptyValues(schema));
  }

  get schema(): SchemaJson {
    return this.#schema;
  }

  get values(): Signal<Values> {
    return this.#values;
  }

  value(field: string): Json {
    return this.#values.value[field] ?? null;
  }

  /** Sets a field; an equal value is no change. `ids` are the regions it differs in, where that is known. */
  set(field: string, value: Json, origin: Origin = "local", ids: readonly string[] | null = null): void {
    this.#replace(field, value, origin, ids);
  }

  regions(field: string): readonly RegionJson[] {
    const value = this.#values.value[field];
    return Array.isArray(value) ? (value as unknown as RegionJson[]) : [];
  }

  region(field: string, id: string): RegionJson | null {
    return this.regions(field).find((region) => region.id === id) ?? null;
  }

  /** Replaces regions by their id, in place; new ones go to the end. */
  put(field: string, regions: readonly RegionJson[], origin: Origin = "local"): void {
    if (regions.length === 0) return;
    const coming = new Map(regions.map((region) => [region.id, region]));
    const after = this.regions(field).map((region) => {
      const other = coming.get(region.id);
      coming.delete(region.id);
      return other ?? region;
    });
    after.push(...coming.values());
    const ids = regions.map(({ id }) => id);
    this.#replace(field, after as unknown as Json, origin, ids);
  }

  remove(field: string, ids: Iterable<string>, origin: Origin = "local"): void {
    const going = new Set(ids);
    const before = this.regions(field);
    const left = before.filter(({ id }) => !going.has(id));
    if (left.length === before.length) return;
    const json = this.#schema.fields.find(({ name }) => name === field);
    // Taking the last one away does not say that there is none, where that is an answer.
    const after = left.length === 0 && json ? emptyValue(json) : (left as unknown as Json);
    this.#replace(field, after, origin, [...going]);
  }

  onChange(fn: (change: Change) => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** Everything `fn` changes is undone together. */
  gesture<T>(fn: () => T): T {
    this.begin();
    try {
      return fn();
    } finally {
      this.end();
    }
  }

  /** Opens a gesture that goes on over several events (a drag); gestures may nest. */
  begin(): void {
    if (this.#open === 0) {
      this.#rollback = this.#values.value;
      this.#gesture += 1;
    }
    this.#open += 1;
  }

  end(): void {
    this.#open = Math.max(0, this.#open - 1);
    if (this.#open === 0) this.#rollback = null;
  }

  /** Ends the open gesture as if it had not been (Escape in a drag). */
  cancel(): void {
    const before = this.#rollback;
    if (before === null) return;
    for (const field of Object.keys(this.#values.value)) this.set(field, before[field] ?? null);
    this.#open = 0;
    this.#rollback = null;
  }

  /** Lays other values on the desk, silently; `schema` when it has changed. */
  load(values: Values, schema: SchemaJson = this.#schema): void {
    this.#schema = schema;
    this.#open = 0;
    this.#rollback = null;
    this.#values.set(completeValues(schema, values));
  }

  #replace(field: string, after: Json, origin: Origin, ids: readonly string[] | null): void {
    const before = this.value(field);
    if (sameJson(before, after)) return;
    if (this.#open === 0) this.#gesture += 1;
    this.#values.set({ ...this.#values.value, [field]: after });
    const change: Change = { field, before, after, origin, gesture: this.#gesture, ids };
    // What a listener changes in answer to a change is undone with it.
    this.#open += 1;
    try {
      for (const fn of [...this.#listeners]) fn(change);
    } finally {
      this.#open -= 1;
    }
  }
}

/** Deep equality of JSON values, the order of keys aside. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
  const [left, right] = [a as Record<string, Json>, b as Record<string, Json>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => sameJson(left[key], right[key]));
}

function sameList(a: readonly Json[], b: readonly Json[]): boolean {
  return a.length === b.length && a.every((each, i) => sameJson(each, b[i]));
}
