/** What a span means: an entry of the knowledge list, found by typing. */

import { useMemo, useState } from "preact/hooks";
import type { LabelJson } from "../core/protocol.ts";
import { search } from "../core/search.ts";
import { Taxonomy } from "../core/taxonomy.ts";
import { Button, Key } from "./control.tsx";
import { Combobox } from "./fields/combobox.tsx";

/** More results than this are not read by anybody. */
const RESULTS = 60;

interface LinkProps {
  id: string;
  entries: readonly LabelJson[];
  /** The id of the linked entry; null for none. */
  link: string | null;
  /** What is linked, to be looked for at once. */
  text: string;
  keys: string;
  onLink: (link: string | null) => void;
}

export function Link({ id, entries, link, text, keys, onLink }: LinkProps) {
  const tree = useMemo(() => new Taxonomy(entries), [entries]);
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const rows = useMemo(() => (open ? search(tree, query, RESULTS) : []), [tree, open, query]);
  const look = (typed: string) => {
    setQuery(typed);
    setAt(0);
  };
  const show = () => {
    setOpen(true);
    // What the span says is what one would type first.
    look(search(tree, text, 1).length > 0 ? text : "");
  };
  const leave = (from: Element) => from.closest<HTMLElement>(".lw-root")?.focus({ preventScroll: true });
  const title = link === null ? "" : tree.title(link);
  return (
    <section class="lw-link" aria-label="Link">
      <h4 id={`${id}-name`} class="lw-title">
        Linked to
      </h4>
      {link !== null && (
        <div class="lw-tags">
          <span class="lw-tag">
            <span class="lw-cut" dir="auto" title={tree.get(link)?.description || title}>
              {title}
            </span>
            <Button says={`Take back ${title}`} icon="close" only onClick={() => onLink(null)} />
          </span>
        </div>
      )}
      <div
        onFocusIn={() => open || show()}
        onFocusOut={(event) =>
          !event.currentTarget.contains(event.relatedTarget as Node | null) && setOpen(false)
        }
        onPointerDown={(event) => {
          // The list must not take the focus from the search box before the click arrives.
          if ((event.target as Element).closest(".lw-list")) event.preventDefault();
        }}
      >
        <Combobox
          id={id}
          box={{
            placeholder: `Search ${entries.length.toLocaleString("en")} entries…`,
            "aria-labelledby": `${id}-name`,
          }}
          query={open ? query : ""}
          onQuery={look}
          open={open}
          count={rows.length}
          at={at}
          onMove={setAt}
          label="Entries"
          none="No such entry."
          isOn={(i) => rows[i]?.id === link}
          draw={(i) => (
            <>
              <span class="lw-cut" dir="auto">
                {rows[i]?.title}
              </span>
              <span class="lw-path lw-cut lw-grow" dir="auto">
                {rows[i]?.description}
              </span>
            </>
          )}
          onPick={(i, event) => {
            const entry = rows[i];
            if (!entry) return;
            onLink(entry.id);
            setOpen(false);
            leave(event.currentTarget as Element);
          }}
          hint={<Key of={keys} />}
        />
      </div>
    </section>
  );
}
