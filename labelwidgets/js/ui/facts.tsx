/** Columns of a row and their values. */

import type { Json } from "../core/protocol.ts";

/** A cell of the item's row as text. */
export function cell(value: Json | undefined): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Columns and their values. */
export function Facts({ data, columns }: { data: { [column: string]: Json }; columns: readonly string[] }) {
  return (
    <dl class="lw-facts">
      {columns.map((column) => [
        <dt key={`${column} name`} dir="auto">
          {column}
        </dt>,
        <dd key={column} dir="auto">
          {cell(data[column])}
        </dd>,
      ])}
    </dl>
  );
}
