/** Which of two: the sides next to each other, and what says neither below. */

import type { Candidate } from "../../core/candidates.ts";
import { sides } from "../../core/compared.ts";
import { picked } from "../../core/pick.ts";
import type { Json, LabelJson, PairwiseJson } from "../../core/protocol.ts";
import { Option } from "./choice.tsx";
import { type ControlProps, described, rove } from "./control.ts";

/** What a side says; it scrolls when it is long. */
export function Said({ text, title, id }: { text: string; title: string; id: string }) {
  if (text === "") return null;
  return (
    // A new text is read from its beginning.
    <section key={text} id={id} class="lw-said" aria-label={title} tabIndex={0} dir="auto">
      {text}
    </section>
  );
}

export function Pairwise(props: ControlProps<PairwiseJson>) {
  const { field, value, suggested = null, id, invalid, taxonomy, data = {}, keyOf, onChange } = props;
  const pick = (option: LabelJson) => onChange(picked(field, taxonomy, value, option.id) as Json);
  const chosen = field.options.findIndex(({ name }) => name === value);
  const option = (each: LabelJson, place: number) => (
    <Option
      key={each.id}
      id={place === 0 ? id : undefined}
      option={each}
      place={place}
      on={each.name === value}
      guess={each.name === suggested}
      multiple={false}
      keys={keyOf(each.name)}
      reachable={place === Math.max(0, chosen)}
      onPick={() => pick(each)}
    />
  );
  const side = ({ option: label, text, title }: Candidate, place: number) =>
    label && (
      <div key={label.id} class={`lw-side-of${label.name === value ? " lw-on" : ""}`}>
        {option(label, place)}
        <Said text={text} title={title} id={`${id}-said${place}`} />
      </div>
    );
  return (
    <div
      class="lw-compare"
      role="radiogroup"
      aria-labelledby={`${id}-name`}
      aria-describedby={described(id, field, invalid)}
      aria-required={field.required}
      onKeyDown={rove}
    >
      <div class="lw-sides">{sides(field, data).map(side)}</div>
      {field.options.length > 2 && (
        <div class="lw-options">{field.options.slice(2).map((each, i) => option(each, i + 2))}</div>
      )}
    </div>
  );
}
