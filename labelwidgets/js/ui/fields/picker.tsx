/** A search box over many labels: results with their path while one types, the tree otherwise. */

import { useMemo, useState } from "preact/hooks";
import type { LabelJson } from "../../core/protocol.ts";
import type { Taxonomy } from "../../core/taxonomy.ts";
import { Button, titleOf } from "../control.tsx";
import { Icon } from "../icons.tsx";
import { List, moved } from "../list.tsx";
import { type ControlProps, described } from "./control.ts";

/** More results than this are not read by anybody. */
const RESULTS = 200;

export interface Branch {
  label: LabelJson;
  depth: number;
  /** Null for a leaf. */
  open: boolean | null;
  /** Titles above it, for results of a search. */
  above: string;
}

/** The rows of the tree with the branches in `open` opened, in the schema's order. */
export function branches(taxonomy: Taxonomy, open: ReadonlySet<string>): Branch[] {
  const rows: Branch[] = [];
  const visit = (parent: string | null, depth: number) => {
    for (const label of taxonomy.children(parent)) {
      const leaf = taxonomy.isLeaf(label.id);
      rows.push({ label, depth, open: leaf ? null : open.has(label.id), above: "" });
      if (!leaf && open.has(label.id)) visit(label.id, depth + 1);
    }
  };
  visit(null, 0);
  return rows;
}

/** The rows that `query` finds, best first. */
export function results(taxonomy: Taxonomy, query: string): Branch[] {
  return taxonomy.search(query, RESULTS).map(({ label }) => ({
    label,
    depth: 0,
    open: null,
    above: trail(taxonomy.line(label.id).slice(0, -1)),
  }));
}

/** "animal › dog". */
export function trail(line: readonly LabelJson[]): string {
  return line.map(titleOf).join(" › ");
}

interface PickerProps extends ControlProps {
  chosen: readonly string[];
  multiple: boolean;
  mayPick: (label: LabelJson) => boolean;
  onPick: (name: string) => void;
}

function Row({ row, tree }: { row: Branch; tree: boolean }) {
  const { label, depth, open, above } = row;
  return (
    <>
      {tree && (
        <span class={`lw-twist${open ? " lw-open" : ""}`} style={{ marginInlineStart: `${depth * 16}px` }}>
          {open !== null && <Icon name="next" />}
        </span>
      )}
      <span class="lw-cut" dir="auto">
        {titleOf(label)}
      </span>
      {above && <span class="lw-path lw-cut lw-grow">{above}</span>}
    </>
  );
}

function Chosen({
  names,
  taxonomy,
  onDrop,
}: {
  names: readonly string[];
  taxonomy: Taxonomy;
  onDrop: (name: string) => void;
}) {
  if (names.length === 0) return null;
  return (
    <div class="lw-tags">
      {names.map((name) => {
        const says = trail(taxonomy.line(name)) || name;
        return (
          <span key={name} class="lw-tag">
            <span class="lw-cut" dir="auto" title={says}>
              {says}
            </span>
            <Button says={`Take back ${says}`} icon="close" only onClick={() => onDrop(name)} />
          </span>
        );
      })}
    </div>
  );
}

/** Opens or closes a branch; nothing for a leaf. */
function turned(open: ReadonlySet<string>, row: Branch | undefined, to: boolean | null): ReadonlySet<string> {
  if (!row || row.open === null || row.open === to) return open;
  const next = new Set(open);
  if (row.open) next.delete(row.label.id);
  else next.add(row.label.id);
  return next;
}

export function Picker(props: PickerProps) {
  const { id, field, taxonomy, chosen, invalid } = props;
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const tree = query.trim() === "";
  const rows = useMemo(
    () => (tree ? branches(taxonomy, open) : results(taxonomy, query)),
    [taxonomy, tree, query, open],
  );
  const pick = (row: Branch | undefined) => {
    if (!row) return;
    if (!props.mayPick(row.label)) {
      setQuery("");
      setOpen(turned(open, tree ? row : { ...row, open: false }, null));
      return;
    }
    props.onPick(row.label.id);
  };
  const search = (typed: string) => {
    setQuery(typed);
    setAt(typed.trim() ? 0 : -1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(event.key, at, rows.length);
    const inTree = tree && (event.key === "ArrowRight" || event.key === "ArrowLeft") && at >= 0;
    if (event.isComposing) return;
    if (to >= 0 && !(query && (event.key === "Home" || event.key === "End"))) setAt(to);
    else if (inTree) setOpen(turned(open, rows[at], event.key === "ArrowRight"));
    else if (event.key === "Enter" && at >= 0 && !event.ctrlKey && !event.metaKey) {
      pick(rows[at]);
      search("");
    } else if (event.key === "Escape" && query) search("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div>
      <Chosen names={chosen} taxonomy={taxonomy} onDrop={props.onPick} />
      <div class="lw-search">
        <Icon name="filter" />
        <input
          id={id}
          class="lw-input"
          type="text"
          role="combobox"
          autocomplete="off"
          dir="auto"
          placeholder={`Search ${taxonomy.labels.length.toLocaleString("en")}…`}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={at >= 0 && rows.length > 0 ? `${id}-list-${at}` : undefined}
          aria-labelledby={`${id}-name`}
          aria-describedby={described(id, field, invalid)}
          aria-invalid={invalid}
          aria-required={field.required}
          value={query}
          onInput={(event) => search(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <List
        id={`${id}-list`}
        label={`Options of ${field.title || field.name}`}
        count={rows.length}
        at={at}
        multiple={props.multiple}
        none="Nothing fits. Try fewer letters."
        isOn={(i) => chosen.includes(rows[i]?.label.id ?? "")}
        draw={(i) => rows[i] && <Row row={rows[i]} tree={tree} />}
        onPick={(i, event) => {
          setAt(i);
          const twist = (event.target as Element).closest(".lw-twist");
          if (twist && rows[i]?.open !== null) setOpen(turned(open, rows[i], null));
          else pick(rows[i]);
        }}
      />
    </div>
  );
}
