/** A place in a tree of labels: found by typing, or by opening branch after branch. */

import { picked } from "../../core/pick.ts";
import type { Json, TaxonomyJson } from "../../core/protocol.ts";
import type { Taxonomy } from "../../core/taxonomy.ts";
import { later } from "../later.tsx";
import type { ControlProps } from "./control.ts";

const Picker = later("Picker");

const isPath = (value: Json): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");

/** The chosen paths of a value, single or multiple. */
export function pathsOf(value: Json): string[][] {
  if (isPath(value)) return [value];
  return Array.isArray(value) ? value.filter(isPath) : [];
}

/** The id of the label that a path means; of one that the schema has no more, the path for people. */
export function idOf(taxonomy: Taxonomy, path: readonly string[]): string {
  return taxonomy.at(path)?.id ?? path.join(" › ");
}

export function TaxonomyField(props: ControlProps<TaxonomyJson>) {
  const { field, value, taxonomy, onChange } = props;
  return (
    <Picker
      {...props}
      chosen={pathsOf(value).map((path) => idOf(taxonomy, path))}
      multiple={field.multiple}
      mayPick={(label) => field.partial || taxonomy.isLeaf(label.id)}
      onPick={(id) => {
        const next = picked(field, taxonomy, value, id);
        if (next !== undefined) onChange(next);
      }}
    />
  );
}
