/** What the kernel's `state` trait says, read. */
import type { SchemaJson, State } from "./protocol.ts";

export function stateOf(trait: unknown): State {
  const state = trait as State | null;
  if (!Array.isArray(state?.schema?.fields))
    throw new Error("The kernel sent no schema; run the cell again.");
  return state;
}

/** Whether one label decides the whole answer, so that its key can submit. */
export function isOneChoice(schema: SchemaJson): boolean {
  const [field, ...others] = schema.fields;
  if (!field || others.length > 0) return false;
  if (field.kind === "rating" || field.kind === "pairwise") return true;
  return (field.kind === "choice" || field.kind === "taxonomy") && !field.multiple;
}
