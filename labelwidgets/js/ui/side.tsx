/** The panel beside the item: regions, the form, the item's data, notes. */

import { isRegionKind } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import { Button } from "./control.tsx";
import { Form, isItemField } from "./form.tsx";
import { onlyChoice } from "./labelbar.tsx";
import { later } from "./later.tsx";
import { Item } from "./notes.tsx";
import { useSignal } from "./useSignal.ts";

const Regions = later("Regions");

function AnswerForm({ desk, id }: { desk: Desk; id: string }) {
  const { schema, options } = useSignal(desk.state);
  const values = useSignal(desk.answer.values);
  const problems = useSignal(desk.problems);
  const suggestion = useSignal(desk.suggestion);
  const task = useSignal(desk.task);
  const inBar = onlyChoice(schema)?.name;
  const fields = schema.fields.filter(isItemField).filter(({ name }) => name !== inBar);
  if (fields.length === 0 && !options.confidence) return null;
  return (
    <section class="lw-part" aria-label="Answer">
      <Form
        id={id}
        fields={fields}
        value={(field) => values[field] ?? null}
        suggested={(field) => suggestion?.values[field] ?? null}
        problem={(field) => problems.find((problem) => problem.field === field)?.reason ?? null}
        taxonomy={(field) => desk.taxonomy(field.name)}
        keyOf={(field, option) => desk.keymap.keyOf(field, option)}
        data={task?.push.data ?? {}}
        onChange={(field, value) => desk.fill(field, value)}
      />
      {options.confidence && <Confidence desk={desk} />}
    </section>
  );
}

function Confidence({ desk }: { desk: Desk }) {
  const confidence = useSignal(desk.confidence);
  const toggle = (to: "sure" | "unsure") => desk.setConfidence(confidence === to ? null : to);
  return (
    <fieldset class="lw-field lw-line" aria-label="How sure are you?">
      <span class="lw-name lw-grow">How sure?</span>
      <Button says="Sure" look="edged" pressed={confidence === "sure"} onClick={() => toggle("sure")} />
      <Button
        says="Unsure"
        look="edged"
        keys={desk.keymap.display("unsure")}
        pressed={confidence === "unsure"}
        onClick={() => toggle("unsure")}
      />
    </fieldset>
  );
}

export function Side({ desk, id }: { desk: Desk; id: string }) {
  const { schema } = useSignal(desk.state);
  const active = useSignal(desk.selection.field);
  const fields = schema.fields.filter((field) => isRegionKind(field.kind));
  const field = fields.find(({ name }) => name === active) ?? fields[0];
  const viewing = useSignal(desk.phase) === "viewing";
  return (
    <fieldset class="lw-side" aria-label="Answer and notes" disabled={viewing}>
      {field && <Regions desk={desk} field={field} id={id} />}
      <AnswerForm desk={desk} id={id} />
      <Item desk={desk} />
    </fieldset>
  );
}
