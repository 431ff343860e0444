/** The bar of labels: what a region gets, or what answers the one question. Tools stand at its end. */

import { useState } from "preact/hooks";
import { isRegionKind } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import type { ChoiceJson, FieldJson, LabelJson, SchemaJson } from "../core/protocol.ts";
import { labelsOf, type Taxonomy } from "../core/taxonomy.ts";
import { Button, Key, Swatch, titleOf } from "./control.tsx";
import { BUTTONS, Options } from "./fields/choice.tsx";
import { results } from "./fields/picker.tsx";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";
import { List, moved } from "./list.tsx";
import { colored } from "./style.ts";
import { useSignal } from "./useSignal.ts";

/** Labels shown beside the search box when there are more than fit. */
const SHORTLIST = 9;

/** The one field of a schema that asks a single choice: its options stand in the bar, not in the form. */
export function onlyChoice(schema: SchemaJson): ChoiceJson | null {
  const [field, ...rest] = schema.fields;
  return field?.kind === "choice" && rest.length === 0 && field.options.length <= BUTTONS ? field : null;
}

/** The labels to show at once: all, or a short list that holds the active one. */
export function shortlist(labels: readonly LabelJson[], active: string | null): readonly LabelJson[] {
  if (labels.length <= BUTTONS) return labels;
  const keyed = labels.filter((label) => label.hotkey);
  const list = (keyed.length > 0 ? keyed : labels).slice(0, SHORTLIST);
  const chosen = labels.find((label) => label.id === active);
  return chosen && !list.includes(chosen) ? [...list, chosen] : list;
}

/** Find a label by typing. */
function Find({
  taxonomy,
  id,
  keys,
  onPick,
}: {
  taxonomy: Taxonomy;
  id: string;
  keys: string;
  onPick: (name: string) => void;
}) {
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const rows = open ? results(taxonomy, query) : [];
  const close = () => {
    setOpen(false);
    setQuery("");
    setAt(0);
  };
  const pick = (i: number, host: Element) => {
    const name = rows[i]?.label.id;
    if (name === undefined) return;
    close();
    onPick(name);
    host.closest<HTMLElement>(".lw-root")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const to = moved(event.key, at, rows.length);
    if (event.isComposing) return;
    if (event.key === "Enter") pick(at, event.currentTarget);
    else if (event.key === "Escape") {
      close();
      event.currentTarget.closest<HTMLElement>(".lw-root")?.focus();
    } else if (to >= 0 && event.key.length > 4) setAt(to);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="lw-find"
      onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && close()}
    >
      <div class="lw-search">
        <Icon name="filter" />
        <input
          class="lw-input"
          type="text"
          role="combobox"
          autocomplete="off"
          aria-label="Find a label"
          aria-expanded={open}
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={open && rows.length > 0 ? `${id}-list-${at}` : undefined}
          placeholder="Find label…"
          value={query}
          onFocus={() => setOpen(true)}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Key of={keys} />
      </div>
      {open && (
        // The list must not take the focus from the search box before the click arrives.
        <div class="lw-pop" onPointerDown={(event) => event.preventDefault()}>
          <List
            id={`${id}-list`}
            label="Labels"
            count={rows.length}
            at={at}
            none="No such label."
            isOn={() => false}
            draw={(i) =>
              rows[i] && (
                <Found
                  label={rows[i].label}
                  above={rows[i].above}
                  place={taxonomy.labels.indexOf(rows[i].label)}
                />
              )
            }
            onPick={(i, event) => pick(i, event.currentTarget as Element)}
          />
        </div>
      )}
    </div>
  );
}

function Found({ label, above, place }: { label: LabelJson; above: string; place: number }) {
  return (
    <>
      <Swatch color={label.color} place={place} />
      <span class="lw-cut" dir="auto">
        {titleOf(label)}
      </span>
      <span class="lw-path lw-cut lw-grow">{above}</span>
      <Key of={label.hotkey} />
    </>
  );
}

function RegionLabels({ desk, field, id }: { desk: Desk; field: FieldJson; id: string }) {
  const active = useSignal(desk.selection.labels)[field.name] ?? null;
  useSignal(desk.keymap.resolved);
  const labels = labelsOf(field);
  const pick = (label: string) => desk.pick({ field: field.name, label });
  return (
    <>
      <fieldset
        class={`lw-labels${labels.length > BUTTONS ? " lw-long" : ""}`}
        aria-label={`Labels of ${field.title || field.name}`}
      >
        {shortlist(labels, active).map((label) => (
          <button
            key={label.id}
            type="button"
            class={`lw-label${label.id === active ? " lw-on" : ""}`}
            style={colored(label.color)}
            title={label.description || undefined}
            aria-pressed={label.id === active}
            onClick={() => pick(label.id)}
          >
            <Swatch color={label.color} place={labels.indexOf(label)} />
            <Key of={label.hotkey} />
            <span class="lw-cut" dir="auto">
              {titleOf(label)}
            </span>
          </button>
        ))}
      </fieldset>
      {labels.length > BUTTONS && (
        <Find taxonomy={desk.taxonomy(field.name)} id={id} keys={desk.keymap.display("find")} onPick={pick} />
      )}
    </>
  );
}

function Question({ desk, field, id }: { desk: Desk; field: ChoiceJson; id: string }) {
  const values = useSignal(desk.answer.values);
  const problems = useSignal(desk.problems);
  const suggestion = useSignal(desk.suggestion);
  return (
    <div class="lw-labels">
      <span id={`${id}-name`} class="lw-name" dir="auto">
        {field.title || field.name}
      </span>
      {field.help && (
        <span id={`${id}-help`} class="lw-unseen">
          {field.help}
        </span>
      )}
      <Options
        field={field}
        value={values[field.name] ?? null}
        suggested={suggestion?.values[field.name] ?? null}
        id={id}
        invalid={problems.some((problem) => problem.field === field.name)}
        taxonomy={desk.taxonomy(field.name)}
        keyOf={(name) => desk.taxonomy(field.name).get(name)?.hotkey ?? null}
        onChange={(value) => desk.fill(field.name, value)}
      />
    </div>
  );
}

/** Which fields of regions there are, when there are several. */
function Fields({ desk, fields, active }: { desk: Desk; fields: readonly FieldJson[]; active: string }) {
  if (fields.length < 2) return null;
  return (
    <fieldset class="lw-labels" aria-label="What to draw">
      {fields.map((field) => (
        <Button
          key={field.name}
          says={field.title || field.name}
          look="edged"
          pressed={field.name === active}
          onClick={() => desk.selection.setField(field.name)}
        />
      ))}
    </fieldset>
  );
}

/** Commands that have a tool, in order; the others are for keys. */
const TOOLS: readonly [id: string, icon: IconName][] = [
  ["new", "draw"],
  ["hide", "eye"],
  ["zoom-out", "zoomout"],
  ["zoom-in", "zoomin"],
  ["fit", "fit"],
];

function Tools({ desk }: { desk: Desk }) {
  const canUndo = useSignal(desk.canUndo);
  const canRedo = useSignal(desk.canRedo);
  const bound = useSignal(desk.keymap.bound);
  const { commands } = useSignal(desk.keymap.resolved);
  const there = TOOLS.filter(([id]) => bound.has(id));
  const tool = (id: string, icon: IconName, says: string, disabled = false) => (
    <Button
      key={id}
      says={says}
      icon={icon}
      only
      keys={desk.keymap.display(id)}
      disabled={disabled}
      onClick={() => desk.keymap.run(id)}
    />
  );
  return (
    <fieldset class="lw-tools" aria-label="Tools">
      {there.map(([id, icon]) => tool(id, icon, commands.find((command) => command.id === id)?.title ?? id))}
      {there.length > 0 && <span class="lw-gap" />}
      {tool("undo", "undo", "Undo", !canUndo)}
      {tool("redo", "redo", "Redo", !canRedo)}
    </fieldset>
  );
}

/** Where there is no label to choose, the bar says what one looks at. */
function Name({ desk }: { desk: Desk }) {
  const name = useSignal(desk.task)?.push.media.name;
  return (
    <span class="lw-grow lw-muted lw-cut lw-what" dir="auto">
      {name}
    </span>
  );
}

export function LabelBar({ desk, id }: { desk: Desk; id: string }) {
  const { schema } = useSignal(desk.state);
  const active = useSignal(desk.selection.field);
  const fields = schema.fields.filter((field) => isRegionKind(field.kind));
  const field = fields.find(({ name }) => name === active) ?? fields[0];
  const choice = onlyChoice(schema);
  return (
    <div class="lw-bar">
      {field && <Fields desk={desk} fields={fields} active={field.name} />}
      {field && <RegionLabels desk={desk} field={field} id={id} />}
      {choice && <Question desk={desk} field={choice} id={id} />}
      {!field && !choice && <Name desk={desk} />}
      <Tools desk={desk} />
    </div>
  );
}
