/** A choice: a button per option, or a searchable list when there are many. */

import { picked } from "../../core/pick.ts";
import type { ChoiceJson, Json, LabelJson } from "../../core/protocol.ts";
import { Key, Swatch } from "../control.tsx";
import { Icon } from "../icons.tsx";
import { later } from "../later.tsx";
import { colored } from "../style.ts";
import { type ControlProps, described, rove } from "./control.ts";

const Picker = later("Picker");

/** More options than this are searched, not shown at once. */
export const BUTTONS = 12;

/** Names chosen in a value of a choice, single or multiple. */
export function chosenOf(value: Json): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
}

interface OptionProps {
  option: LabelJson;
  place: number;
  on: boolean;
  guess: boolean;
  multiple: boolean;
  keys: string | null;
  id: string | undefined;
  reachable: boolean;
  onPick: () => void;
}

export function Option({ option, place, on, guess, multiple, keys, id, reachable, onPick }: OptionProps) {
  return (
    <button
      type="button"
      id={id}
      role={multiple ? "checkbox" : "radio"}
      aria-checked={on}
      class={`lw-label${on ? " lw-on" : guess ? " lw-guess" : ""}`}
      style={colored(option.color)}
      title={option.description || undefined}
      tabIndex={reachable ? 0 : -1}
      onClick={onPick}
    >
      {multiple && <span class="lw-check">{on && <Icon name="accept" />}</span>}
      <Swatch color={option.color} place={place} />
      <Key of={keys} />
      <span class="lw-cut" dir="auto">
        {option.title}
      </span>
      {!multiple && on && <Icon name="accept" />}
      {guess && !on && <Suggested />}
    </button>
  );
}

function Suggested() {
  return (
    <>
      <Icon name="spark" />
      <span class="lw-unseen">suggested</span>
    </>
  );
}

/** The options as buttons: one group of radios, or of boxes to tick. */
export function Options({
  field,
  value,
  suggested = null,
  id,
  invalid,
  taxonomy,
  keyOf,
  onChange,
}: ControlProps<ChoiceJson>) {
  const chosen = chosenOf(value);
  const pick = (option: string) => onChange(picked(field, taxonomy, value, option) ?? null);
  const guessed = chosenOf(suggested);
  const first = field.options.findIndex((option) => option.name === chosen[0]);
  return (
    <div
      class="lw-options"
      role={field.multiple ? "group" : "radiogroup"}
      aria-labelledby={`${id}-name`}
      aria-describedby={described(id, field, invalid)}
      aria-required={field.multiple ? undefined : field.required}
      onKeyDown={rove}
    >
      {field.options.map((option, i) => (
        <Option
          key={option.name}
          id={i === 0 ? id : undefined}
          option={option}
          place={i}
          on={chosen.includes(option.name)}
          guess={guessed.includes(option.name)}
          multiple={field.multiple}
          keys={keyOf(option.name)}
          reachable={field.multiple || i === Math.max(0, first)}
          onPick={() => pick(option.id)}
        />
      ))}
    </div>
  );
}

export function Choice(props: ControlProps<ChoiceJson>) {
  const { field, value, taxonomy, onChange } = props;
  if (field.options.length <= BUTTONS) return <Options {...props} />;
  return (
    <Picker
      {...props}
      chosen={chosenOf(value)}
      multiple={field.multiple}
      mayPick={() => true}
      onPick={(id) => onChange(picked(field, taxonomy, value, id) ?? null)}
    />
  );
}
