/** The bar of labels: what a region gets, or what answers the one question. Tools stand at its end. */

import { isRegionKind } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import type { ChoiceJson, FieldJson, LabelJson, SchemaJson } from "../core/protocol.ts";
import { Cell } from "../core/signal.ts";
import { labelsOf } from "../core/taxonomy.ts";
import { Button, Key, Swatch } from "./control.tsx";
import { BUTTONS, Options } from "./fields/choice.tsx";
import { later } from "./later.tsx";
import { colored } from "./style.ts";
import type { Tool } from "./tools.ts";
import { useSignal } from "./useSignal.ts";

const Find = later("Find");

/** Labels shown beside the search box when there are more than fit. */
const SHORTLIST = 9;
/** Most tags that are all shown. */
const TAGS = 24;

/** The one field of a schema that asks a single choice: its options stand in the bar, not in the form. */
export function onlyChoice(schema: SchemaJson): ChoiceJson | null {
  const [field, ...rest] = schema.fields;
  return field?.kind === "choice" && rest.length === 0 && field.options.length <= BUTTONS ? field : null;
}

/** The labels to show at once: all, or a short list that holds the active one. */
export function shortlist(
  labels: readonly LabelJson[],
  active: string | null,
  most = BUTTONS,
): readonly LabelJson[] {
  if (labels.length <= most) return labels;
  const keyed = labels.filter((label) => label.hotkey);
  const list = (keyed.length > 0 ? keyed : labels).slice(0, SHORTLIST);
  const chosen = labels.find((label) => label.id === active);
  return chosen && !list.includes(chosen) ? [...list, chosen] : list;
}

function RegionLabels({ desk, field, id }: { desk: Desk; field: FieldJson; id: string }) {
  const active = useSignal(desk.selection.labels)[field.name] ?? null;
  useSignal(desk.keymap.resolved);
  const labels = labelsOf(field);
  // Who tags token after token by keys is to see them all.
  const most = field.kind === "spans" && field.every ? TAGS : BUTTONS;
  const looks = labels.length > most ? " lw-long" : labels.length > BUTTONS ? " lw-many" : "";
  const pick = (label: string) => desk.pick({ field: field.name, label });
  return (
    <>
      <fieldset class={`lw-labels${looks}`} aria-label={`Labels of ${field.title}`}>
        {shortlist(labels, active, most).map((label) => (
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
              {label.title}
            </span>
          </button>
        ))}
      </fieldset>
      {labels.length > most && (
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
        {field.title}
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
          says={field.title}
          look="edged"
          pressed={field.name === active}
          onClick={() => desk.selection.setField(field.name)}
        />
      ))}
    </fieldset>
  );
}

const OFF = new Cell<boolean | undefined>(undefined);

function ToolButton({ desk, id, icon, says, disabled }: ToolProps) {
  const pressed = useSignal<boolean | undefined>(desk.keymap.switched(id) ?? OFF);
  return (
    <Button
      says={says}
      icon={icon}
      only
      keys={desk.keymap.display(id)}
      pressed={pressed}
      disabled={disabled ?? false}
      onClick={() => desk.keymap.run(id)}
    />
  );
}

interface ToolProps extends Tool {
  desk: Desk;
  disabled?: boolean;
}

function Tools({ desk, tools }: { desk: Desk; tools: readonly Tool[] }) {
  const canUndo = useSignal(desk.canUndo);
  const canRedo = useSignal(desk.canRedo);
  const bound = useSignal(desk.keymap.bound);
  useSignal(desk.keymap.resolved);
  const there = tools.filter(({ id }) => bound.has(id));
  return (
    <fieldset class="lw-tools" aria-label="Tools">
      {there.map((tool) => (
        <ToolButton key={tool.id} desk={desk} {...tool} />
      ))}
      {there.length > 0 && <span class="lw-gap" />}
      <ToolButton desk={desk} id="undo" icon="undo" says="Undo" disabled={!canUndo} />
      <ToolButton desk={desk} id="redo" icon="redo" says="Redo" disabled={!canRedo} />
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

/** Where regions have no label, the bar says what is asked for. */
function Asked({ field }: { field: FieldJson }) {
  return (
    <div class="lw-labels lw-what">
      <span class="lw-name" dir="auto">
        {field.title}
      </span>
      <span class="lw-muted" dir="auto">
        {field.help}
      </span>
    </div>
  );
}

interface LabelBarProps {
  desk: Desk;
  id: string;
  tools: readonly Tool[];
}

export function LabelBar({ desk, id, tools }: LabelBarProps) {
  const { schema } = useSignal(desk.state);
  const active = useSignal(desk.selection.field);
  const fields = schema.fields.filter((field) => isRegionKind(field.kind));
  const field = fields.find(({ name }) => name === active) ?? fields[0];
  const choice = onlyChoice(schema);
  return (
    <div class="lw-bar">
      {field && <Fields desk={desk} fields={fields} active={field.name} />}
      {field && labelsOf(field).length > 0 && <RegionLabels desk={desk} field={field} id={id} />}
      {field && labelsOf(field).length === 0 && <Asked field={field} />}
      {choice && <Question desk={desk} field={choice} id={id} />}
      {!field && !choice && <Name desk={desk} />}
      <Tools desk={desk} tools={tools} />
    </div>
  );
}
