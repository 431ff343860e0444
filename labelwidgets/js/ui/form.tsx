/** The fields about the item (or about a region), one control per kind. */

import type { ComponentType } from "preact";
import type { ItemFieldJson, Json } from "../core/protocol.ts";
import type { Taxonomy } from "../core/taxonomy.ts";
import { Choice } from "./fields/choice.tsx";
import type { ControlProps } from "./fields/control.ts";
import { Rating } from "./fields/rating.tsx";
import { TaxonomyField } from "./fields/taxonomy.tsx";
import { TextField } from "./fields/text.tsx";
import { Icon } from "./icons.tsx";
import { later } from "./later.tsx";

/** A new kind of field is one file and one line here. */
const CONTROLS: Record<ItemFieldJson["kind"], ComponentType<ControlProps<never>>> = {
  choice: Choice,
  taxonomy: TaxonomyField,
  rating: Rating,
  number: later("NumberField"),
  text: TextField,
  ranking: later("Ranking"),
  pairwise: later("Pairwise"),
};

/** Whether a field is about the item as a whole. */
export function isItemField(field: { kind: string }): field is ItemFieldJson {
  return Object.hasOwn(CONTROLS, field.kind);
}

interface FormProps {
  /** Prefix of element ids: unique in the page. */
  id: string;
  fields: readonly ItemFieldJson[];
  value: (field: string) => Json;
  suggested?: (field: string) => Json;
  /** Why a field's value can't be submitted, null when it can. */
  problem: (field: string) => string | null;
  taxonomy: (field: ItemFieldJson) => Taxonomy;
  keyOf: (field: string, option: string) => string | null;
  /** The task's row. */
  data?: { [column: string]: Json } | undefined;
  onChange: (field: string, value: Json) => void;
}

/** The id of a field's control, to bring the focus there. */
export function controlId(form: string, field: string): string {
  return `${form}-${encodeURIComponent(field).replace(/%/g, "_")}`;
}

function Field({ field, ...form }: { field: ItemFieldJson } & Omit<FormProps, "fields">) {
  const id = controlId(form.id, field.name);
  const problem = form.problem(field.name);
  const Control = CONTROLS[field.kind] as ComponentType<ControlProps>;
  return (
    <div
      class="lw-field"
      data-kind={field.kind === "text" && field.begin !== null ? "correction" : field.kind}
    >
      <div class="lw-head">
        <span id={`${id}-name`} class="lw-name" dir="auto">
          {field.title}
        </span>
        {field.required && <span class="lw-must">required</span>}
      </div>
      {field.help && (
        <p id={`${id}-help`} class="lw-help" dir="auto">
          {field.help}
        </p>
      )}
      <Control
        field={field}
        id={id}
        value={form.value(field.name)}
        suggested={form.suggested?.(field.name) ?? null}
        invalid={problem !== null}
        taxonomy={form.taxonomy(field)}
        keyOf={(option) => form.keyOf(field.name, option)}
        data={form.data}
        onChange={(value) => form.onChange(field.name, value)}
      />
      {problem !== null && (
        <p id={`${id}-trouble`} class="lw-trouble">
          <Icon name="bad" />
          <span>{problem}</span>
        </p>
      )}
    </div>
  );
}

export function Form({ fields, ...form }: FormProps) {
  return (
    <>
      {fields.map((field) => (
        <Field key={field.name} field={field} {...form} />
      ))}
    </>
  );
}
