/** Labels of the regions that a surface draws; where they have none, what is asked for. */

import { isRegionKind } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import type { FieldJson, LabelJson } from "../core/protocol.ts";
import { labelsOf } from "../core/taxonomy.ts";
import { Button, Key, Swatch } from "./control.tsx";
import { BUTTONS } from "./fields/choice.tsx";
import { later } from "./later.tsx";
import { colored } from "./style.ts";
import { useSignal } from "./useSignal.ts";

const Find = later("Find");

/** Labels shown beside the search box when there are more than fit. */
const SHORTLIST = 9;
/** Most tags that are all shown. */
const TAGS = 24;

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

/** The bar's labels where regions are drawn. */
export function RegionBar({ desk, id }: { desk: Desk; id: string }) {
  const { schema } = useSignal(desk.state);
  const active = useSignal(desk.selection.field);
  const fields = schema.fields.filter((field) => isRegionKind(field.kind));
  const field = fields.find(({ name }) => name === active) ?? fields[0];
  if (!field) return null;
  return (
    <>
      <Fields desk={desk} fields={fields} active={field.name} />
      {labelsOf(field).length > 0 ? (
        <RegionLabels desk={desk} field={field} id={id} />
      ) : (
        <Asked field={field} />
      )}
    </>
  );
}
