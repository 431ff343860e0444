/** Labels of fields that stand in no schema of their own: attributes of regions. */

import type { ItemFieldJson } from "../core/protocol.ts";
import { labelsOf, Taxonomy } from "../core/taxonomy.ts";

const trees = new WeakMap<ItemFieldJson, Taxonomy>();

/** The labels of a region's attribute, which the desk does not know by name. */
export function taxonomyOf(field: ItemFieldJson): Taxonomy {
  const known = trees.get(field) ?? new Taxonomy(labelsOf(field));
  trees.set(field, known);
  return known;
}
