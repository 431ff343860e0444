/** Finding a label by typing, where there are more than fit in the bar. */

import { useMemo, useState } from "preact/hooks";
import type { Taxonomy } from "../core/taxonomy.ts";
import { Key, Swatch } from "./control.tsx";
import { Combobox } from "./fields/combobox.tsx";
import { Found, results } from "./fields/picker.tsx";

interface FindProps {
  taxonomy: Taxonomy;
  id: string;
  keys: string;
  onPick: (id: string) => void;
}

/** A search box in the bar, with what it finds below. */
export function Find({ taxonomy, id, keys, onPick }: FindProps) {
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const rows = useMemo(() => (open ? results(taxonomy, query) : []), [taxonomy, open, query]);
  const look = (typed: string) => {
    setQuery(typed);
    setAt(0);
  };
  const close = () => {
    setOpen(false);
    look("");
  };
  const leave = (from: Element) => from.closest<HTMLElement>(".lw-root")?.focus({ preventScroll: true });
  return (
    <div
      class={`lw-find${open ? " lw-open" : ""}`}
      onFocusIn={() => setOpen(true)}
      onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && close()}
      onPointerDown={(event) => {
        // The list must not take the focus from the search box before the click arrives.
        if ((event.target as Element).closest(".lw-list")) event.preventDefault();
      }}
    >
      <Combobox
        id={`${id}-find`}
        box={{ placeholder: "Find label…", "aria-label": "Find a label" }}
        query={query}
        onQuery={look}
        open={open}
        count={rows.length}
        at={at}
        onMove={setAt}
        label="Labels"
        none="No such label."
        draw={(i) => {
          const row = rows[i];
          return (
            row && (
              <>
                <Swatch color={row.label.color} place={taxonomy.labels.indexOf(row.label)} />
                <Found row={row} tree={false} />
                <Key of={row.label.hotkey} />
              </>
            )
          );
        }}
        onPick={(i, event) => {
          const row = rows[i];
          if (row) onPick(row.label.id);
          leave(event.currentTarget as Element);
        }}
        hint={<Key of={keys} />}
      />
    </div>
  );
}
