/** A table that is sorted by its headings; on a narrow page each row is a card of named values. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { AppIcon } from "./parts.tsx";

export interface Column<Row> {
  name: string;
  /** What it is sorted by; a column without it can't be. Null comes last, either way. */
  by?: (row: Row) => string | number | null;
  /** Numbers stand at the end of their cell, and are sorted the largest first. */
  numeric?: boolean;
  draw: (row: Row) => ComponentChildren;
  /** Its heading is only heard. */
  silent?: boolean;
  /** What the heading means, in a tooltip. */
  more?: string;
}

export interface Sorted {
  column: string;
  down: boolean;
}

/** Rows in the order of a column's values; equal ones as they came. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Sorted | null,
): Row[] {
  const by = columns.find(({ name }) => name === order?.column)?.by;
  if (!by || !order) return [...rows];
  return [...rows].sort((one, other) => {
    const [a, b] = [by(one), by(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const less =
      typeof a === "number" && typeof b === "number"
        ? a - b
        : String(a).localeCompare(String(b), "en", { numeric: true });
    return order.down ? -less : less;
  });
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  first?: Sorted;
  none: string;
  /** Below the rows, as one more of them. */
  total?: Row | null;
}

export function Table<Row>({ label, columns, rows, keyOf, first, none, total }: TableProps<Row>) {
  const [order, setOrder] = useState<Sorted | null>(first ?? null);
  if (rows.length === 0) return <p class="lw-a-nothing">{none}</p>;
  const turn = ({ name, numeric }: Column<Row>) =>
    setOrder(
      order?.column === name ? { column: name, down: !order.down } : { column: name, down: !!numeric },
    );
  const line = (row: Row, key: string, kind = "") => (
    <tr key={key} class={kind}>
      {columns.map((column, n) => {
        const Cell = n === 0 ? "th" : "td";
        return (
          <Cell
            key={column.name}
            {...(n === 0 ? { scope: "row" } : {})}
            class={column.numeric ? "lw-a-num" : ""}
            data-name={column.name}
          >
            {column.draw(row)}
          </Cell>
        );
      })}
    </tr>
  );
  return (
    <table class="lw-a-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              class={column.numeric ? "lw-a-num" : ""}
              title={column.more}
              aria-sort={
                order?.column === column.name ? (order.down ? "descending" : "ascending") : undefined
              }
            >
              {column.by ? (
                <button type="button" class="lw-a-sort" onClick={() => turn(column)}>
                  {column.name}
                  <AppIcon name="down" />
                </button>
              ) : (
                <span class={column.silent ? "lw-unseen" : ""}>{column.name}</span>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted(rows, columns, order).map((row) => line(row, keyOf(row)))}
        {total && line(total, "total", "lw-a-total")}
      </tbody>
    </table>
  );
}
