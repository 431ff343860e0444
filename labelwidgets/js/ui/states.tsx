/** What stands in the item's place when there is no item, or the widget can't work. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons.tsx";

export function Plate(props: { icon: IconName; says: string; more: string; children?: ComponentChildren }) {
  return (
    <div class="lw-state">
      <Icon name={props.icon} />
      <h2>{props.says}</h2>
      <p class="lw-muted">{props.more}</p>
      {props.children && <div class="lw-wrap">{props.children}</div>}
    </div>
  );
}

/** The first item is on its way. */
export function Loading() {
  return (
    <div class="lw-state" role="status">
      <span class="lw-unseen">Loading the next item</span>
      <div class="lw-bone lw-bone-item" />
      <div class="lw-bone lw-bone-line" />
    </div>
  );
}

const BARRED: Record<string, string> = {
  ended: "Your access has ended",
  rights: "You may not label here",
};

/** The person may not go on: what happened, by the code of the refusal, and what helps. */
export function Trouble({ code, reason }: { code: string; reason: string }) {
  return <Plate icon="bad" says={BARRED[code] ?? "Labeling could not begin"} more={reason} />;
}
