/** The kernel's `state` trait made ready: every title is there, whatever an older kernel left out. */
import type { FieldJson, ItemFieldJson, LabelJson, SchemaJson, State } from "./protocol.ts";

export function stateOf(trait: unknown): State {
  const state = trait as State | null;
  if (!state || typeof state !== "object" || !Array.isArray(state.schema?.fields)) {
    throw new Error("The kernel sent no schema; run the cell again.");
  }
  return { ...state, schema: schemaOf(state.schema) };
}

export function schemaOf(schema: SchemaJson): SchemaJson {
  return { ...schema, fields: schema.fields.map(fieldOf) };
}

function fieldOf(field: FieldJson): FieldJson {
  const titled = { ...field, title: field.title || field.name };
  switch (titled.kind) {
    case "choice":
      return { ...titled, options: titled.options.map(labelOf) };
    case "taxonomy":
      return { ...titled, nodes: titled.nodes.map(labelOf) };
    case "boxes":
      return {
        ...titled,
        labels: titled.labels.map(labelOf),
        attributes: titled.attributes.map((each) => fieldOf(each) as ItemFieldJson),
      };
    default:
      return titled;
  }
}

function labelOf(label: LabelJson): LabelJson {
  return { ...label, id: label.id ?? label.name, title: label.title || label.name };
}

/** Whether one label decides the whole answer, so that its key can submit. */
export function isOneChoice(schema: SchemaJson): boolean {
  const [field, ...others] = schema.fields;
  if (!field || others.length > 0) return false;
  return (
    field.kind === "rating" || ((field.kind === "choice" || field.kind === "taxonomy") && !field.multiple)
  );
}
