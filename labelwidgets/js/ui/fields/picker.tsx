/** Choosing among many labels: results with their path while one types, the tree otherwise. */

import { useMemo, useState } from "preact/hooks";
import type { LabelJson } from "../../core/protocol.ts";
import { search } from "../../core/search.ts";
import type { Taxonomy } from "../../core/taxonomy.ts";
import { Button, Key } from "../control.tsx";
import { NEXT } from "../drawings.ts";
import { Icon } from "../icons.tsx";
import { Combobox } from "./combobox.tsx";
import { type ControlProps, described } from "./control.ts";

/** More results than this are not read by anybody. */
const RESULTS = 100;

export interface Branch {
  label: LabelJson;
  depth: number;
  /** Null for a leaf, and for a result of a search. */
  open: boolean | null;
  /** Titles above it, for results of a search. */
  above: string;
}

/** The rows of the tree with the branches in `open` opened, in the schema's order. */
export function branches(taxonomy: Taxonomy, open: ReadonlySet<string>): Branch[] {
  const rows: Branch[] = [];
  const visit = (parent: string | null, depth: number) => {
    for (const label of taxonomy.children(parent)) {
      const isOpen = taxonomy.isLeaf(label.id) ? null : open.has(label.id);
      rows.push({ label, depth, open: isOpen, above: "" });
      if (isOpen) visit(label.id, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}

/** The rows that `query` finds, best first. */
export function results(taxonomy: Taxonomy, query: string): Branch[] {
  return search(taxonomy, query, RESULTS).map((label) => ({
    label,
    depth: 0,
    open: null,
    above: trail(taxonomy.line(label.id).slice(0, -1)),
  }));
}

/** "animal › dog". */
export function trail(line: readonly LabelJson[]): string {
  return line.map(({ title }) => title).join(" › ");
}

export interface PickerProps extends ControlProps {
  /** Ids of the chosen labels. */
  chosen: readonly string[];
  multiple: boolean;
  mayPick: (label: LabelJson) => boolean;
  onPick: (id: string) => void;
}

/** A label found or browsed: its place in the tree, its name, what is above it. */
export function Found({ row, tree }: { row: Branch; tree: boolean }) {
  const { label, depth, open, above } = row;
  return (
    <>
      {tree && (
        <span class={`lw-twist${open ? " lw-open" : ""}`} style={{ marginInlineStart: `${depth * 16}px` }}>
          {open !== null && <Icon name={NEXT} />}
        </span>
      )}
      <span class="lw-cut" dir="auto">
        {label.title}
      </span>
      <span class="lw-path lw-cut lw-grow">{above}</span>
    </>
  );
}

function Chosen({ chosen, taxonomy, onPick }: Pick<PickerProps, "chosen" | "taxonomy" | "onPick">) {
  if (chosen.length === 0) return null;
  return (
    <div class="lw-tags">
      {chosen.map((id) => {
        const says = trail(taxonomy.line(id)) || id;
        return (
          <span key={id} class="lw-tag">
            <span class="lw-cut" dir="auto" title={says}>
              {says}
            </span>
            <Button says={`Take back ${says}`} icon="close" only onClick={() => onPick(id)} />
          </span>
        );
      })}
    </div>
  );
}

export function Picker(props: PickerProps) {
  const { id, field, taxonomy, chosen, invalid } = props;
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const tree = query.trim() === "";
  const nested = useMemo(() => taxonomy.labels.some(({ parent }) => parent !== null), [taxonomy]);
  const rows = useMemo(
    () => (tree ? branches(taxonomy, open) : results(taxonomy, query)),
    [taxonomy, tree, query, open],
  );
  const look = (typed: string) => {
    setQuery(typed);
    setAt(typed.trim() ? 0 : -1);
  };
  const turn = ({ label }: Branch, to: boolean) => {
    // What is opened from a search is shown with all that is above it.
    const line = taxonomy.line(label.id).map((each) => each.id);
    setOpen(new Set(to ? [...open, ...line] : [...open].filter((each) => each !== label.id)));
  };
  const pick = (row: Branch) => {
    if (props.mayPick(row.label)) props.onPick(row.label.id);
    else turn(row, !row.open);
    if (!tree) look("");
  };
  return (
    <div>
      <Chosen chosen={chosen} taxonomy={taxonomy} onPick={props.onPick} />
      <Combobox
        id={id}
        box={{
          // Builds the index before the first letter.
          onFocus: () => search(taxonomy, "", 1),
          placeholder: `Search ${taxonomy.labels.length.toLocaleString("en")}…`,
          "aria-labelledby": `${id}-name`,
          "aria-describedby": described(id, field, invalid),
          "aria-invalid": invalid,
          "aria-required": field.required,
        }}
        query={query}
        onQuery={look}
        open
        count={rows.length}
        at={at}
        onMove={setAt}
        label={`Options of ${field.title}`}
        multiple={props.multiple}
        none="Nothing fits. Try fewer letters."
        isOn={(i) => chosen.includes(rows[i]?.label.id ?? "")}
        draw={(i) =>
          rows[i] && (
            <>
              <Found row={rows[i]} tree={tree && nested} />
              <Key of={props.keyOf(rows[i].label.id)} />
            </>
          )
        }
        onKey={(key) => {
          const row = rows[at];
          const to = key === "ArrowRight" ? true : key === "ArrowLeft" ? false : null;
          if (!tree || to === null || !row || row.open === null) return false;
          turn(row, to);
          return true;
        }}
        onPick={(i, event) => {
          const row = rows[i];
          if (!row) return;
          const onTwist = (event.target as Element).closest(".lw-twist") !== null && row.open !== null;
          setAt(i);
          if (onTwist) turn(row, !row.open);
          else pick(row);
        }}
      />
    </div>
  );
}
