/** What is known of an item: name, data, flag, comments. */

import type { Desk } from "../core/desk.ts";
import { Button } from "./control.tsx";
import { Facts } from "./facts.tsx";
import { later } from "./later.tsx";
import { useSignal } from "./useSignal.ts";

const Comments = later("Comments");

/** The item's name and data, its flag and its comments. */
export function Item({ desk }: { desk: Desk }) {
  const task = useSignal(desk.task);
  const { columns } = useSignal(desk.state).options;
  if (!task) return null;
  const { flagged, media, data } = task.push;
  const name = media.name || "This item";
  return (
    <section class="lw-part" aria-label="This item">
      <div class="lw-head">
        <h3 class="lw-title lw-cut lw-grow" title={name} dir="auto">
          {name}
        </h3>
        <Button
          says={flagged ? "Flagged" : "Flag"}
          icon="flag"
          keys={desk.keymap.display("flag")}
          pressed={flagged}
          onClick={() => desk.flag(!flagged)}
        />
      </div>
      {columns.length > 0 && <Facts data={data} columns={columns} />}
      <Comments desk={desk} />
    </section>
  );
}
