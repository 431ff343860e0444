/** The bar of labels: what a region gets, or what answers the one question. Tools stand at its end. */

import type { ComponentType } from "preact";
import { isRegionKind } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import type { ChoiceJson, SchemaJson } from "../core/protocol.ts";
import { Cell } from "../core/signal.ts";
import { Button } from "./control.tsx";
import { BUTTONS, Options } from "./fields/choice.tsx";
import type { Tool } from "./tools.ts";
import { useSignal } from "./useSignal.ts";

/** What the bar has for a surface: the labels of its regions, and the tools of its commands once it binds them. */
export interface Drawn {
  readonly bar?: ComponentType<{ desk: Desk; id: string }>;
  readonly tools: readonly Tool[];
}

/** The one field of a schema that asks a single choice: its options stand in the bar, not in the form. */
export function onlyChoice(schema: SchemaJson): ChoiceJson | null {
  const [field, ...rest] = schema.fields;
  return field?.kind === "choice" && rest.length === 0 && field.options.length <= BUTTONS ? field : null;
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

const NONE: readonly Tool[] = [];

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

interface LabelBarProps {
  desk: Desk;
  id: string;
  drawn: Drawn | undefined;
}

export function LabelBar({ desk, id, drawn }: LabelBarProps) {
  const { schema } = useSignal(desk.state);
  const choice = onlyChoice(schema);
  const Regions = schema.fields.some((field) => isRegionKind(field.kind)) ? drawn?.bar : undefined;
  return (
    <div class="lw-bar">
      {Regions && <Regions desk={desk} id={id} />}
      {choice && <Question desk={desk} field={choice} id={id} />}
      {!Regions && !choice && <Name desk={desk} />}
      <Tools desk={desk} tools={drawn?.tools ?? NONE} />
    </div>
  );
}
