/** All keys of this widget, printed from the keymap itself. */

import { useEffect, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import type { Command } from "../core/keymap.ts";
import { displayChord } from "../core/keys.ts";
import { Button } from "./control.tsx";
import { titleOf } from "./titles.ts";
import { useSignal } from "./useSignal.ts";

/** Commands by group, in the table's order, only those that something here carries out. */
export function grouped(commands: readonly Command[], bound: ReadonlySet<string>): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    if (!bound.has(command.id) || command.keys.length === 0) continue;
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return [...groups];
}

function Line({ says, keys }: { says: string; keys: readonly string[] }) {
  return (
    <li>
      <span dir="auto">{says}</span>
      <span class="lw-line">
        {keys.map((key) => (
          <kbd key={key} class="lw-key">
            {key}
          </kbd>
        ))}
      </span>
    </li>
  );
}

function LabelKeys({ desk }: { desk: Desk }) {
  const { labels } = useSignal(desk.keymap.resolved);
  const { fields } = useSignal(desk.state).schema;
  const byField = fields.map((field) => ({
    field,
    rows: [...labels].flatMap(([key, targets]) =>
      targets.filter((target) => target.field === field.name).map((target) => ({ key, name: target.label })),
    ),
  }));
  return (
    <>
      {byField.map(
        ({ field, rows }) =>
          rows.length > 0 && (
            <div key={field.name}>
              <h3 class="lw-title" dir="auto">
                {field.title}
              </h3>
              <ul>
                {rows.map(({ key, name }) => (
                  <Line key={key} says={desk.taxonomy(field.name).title(name)} keys={[key]} />
                ))}
              </ul>
            </div>
          ),
      )}
    </>
  );
}

export function Help({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { commands } = useSignal(desk.keymap.resolved);
  const bound = useSignal(desk.keymap.bound);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    // The page behind a modal dialog hears nothing; Escape closes by the browser.
    event.stopPropagation();
    if (event.key === "?") onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="lw-dialog"
      aria-label="Keyboard shortcuts"
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <div class="lw-head">
        <h2 class="lw-title lw-grow">Keyboard shortcuts</h2>
        <Button says="Close" icon="close" only keys={desk.keymap.display("leave")} onClick={onClose} />
      </div>
      <div class="lw-keys">
        <LabelKeys desk={desk} />
        {grouped(commands, bound).map(([group, rows]) => (
          <div key={group}>
            <h3 class="lw-title">{group}</h3>
            <ul>
              {rows.map((command) => (
                <Line
                  key={command.id}
                  says={titleOf(command.id)}
                  keys={command.keys.map((key) => displayChord(key, desk.keymap.mac))}
                />
              ))}
            </ul>
          </div>
        ))}
      </div>
    </dialog>
  );
}
