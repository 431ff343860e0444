/** Many items at once: select some, press a label, submit the whole page. */

import { render } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Desk, DeskTask } from "../core/desk.ts";
import type { LabelJson, Values } from "../core/protocol.ts";
import { derived } from "../core/signal.ts";
import { Button, Swatch } from "./control.tsx";
import { cell } from "./facts.tsx";
import { Icon } from "./icons.tsx";
import { textOf } from "./item.tsx";
import { useLasso } from "./lasso.ts";
import { sourceOf } from "./picture.ts";
import { percent } from "./score.ts";
import { colored } from "./style.ts";
import { summary } from "./suggestion.tsx";
import type { Surface } from "./surface.ts";
import { type TileState, type Tiles, tileState } from "./tiles.ts";
import { useSignal } from "./useSignal.ts";

function nameOf({ push }: DeskTask): string {
  return push.media.name || String(push.key || push.id);
}

function Face({ desk, task }: { desk: Desk; task: DeskTask }) {
  const { media, data } = task.push;
  const source = useMemo(() => (media.kind === "image" ? sourceOf(task) : null), [task, media.kind]);
  useEffect(() => () => void (source && URL.revokeObjectURL(source)), [source]);
  if (media.broken !== undefined)
    return (
      <div class="lw-words lw-muted">
        <Icon name="bad" /> {media.broken}
      </div>
    );
  if (source) return <img src={source} alt="" draggable={false} decoding="async" loading="lazy" />;
  const beside = desk.state.value.options.columns;
  const text = media.kind === "row" ? Object.values(data).map(cell).join(" · ") : textOf(task, beside);
  return (
    <div class="lw-words" dir="auto">
      {text.slice(0, 400)}
    </div>
  );
}

const SAYS: Record<TileState, string> = {
  broken: "can't be shown",
  done: "",
  guess: "suggested",
  open: "not labeled",
};

interface TileProps {
  desk: Desk;
  task: DeskTask;
  values: Values | undefined;
  id: string;
  place: number;
  count: number;
  selected: boolean;
  at: boolean;
}

/** The label of the first choice in `values`, for its colour. */
function firstLabel(desk: Desk, values: Values): LabelJson | null {
  for (const { name, kind } of desk.state.value.schema.fields) {
    const value = [values[name] ?? null].flat()[0];
    if (kind === "choice" && typeof value === "string") return desk.taxonomy(name).get(value);
  }
  return null;
}

function Tile({ desk, task, values, id, place, count, selected, at }: TileProps) {
  const state = tileState(task, values);
  const guess = task.push.predictions[0];
  const shown = values ?? (state === "guess" ? guess?.values : undefined);
  const label = shown ? firstLabel(desk, shown) : null;
  const says = shown ? summary(desk.state.value.schema, shown, (field) => desk.taxonomy(field)) : SAYS[state];
  const index = label ? [...desk.taxonomy(fieldOf(desk)).labels].indexOf(label) : 0;
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={place + 1}
      aria-labelledby={`${id}-name ${id}-face ${id}-says`}
      class={`lw-tile lw-${state}${selected ? " lw-on" : ""}${at ? " lw-at" : ""}`}
      style={colored(label?.color)}
      data-place={place}
      title={nameOf(task)}
    >
      <span id={`${id}-name`} class="lw-unseen">
        {nameOf(task)}
        {state === "guess" && ", suggested"}
      </span>
      <div id={`${id}-face`} class="lw-face">
        <Face desk={desk} task={task} />
        {selected && (
          <span class="lw-mark">
            <Icon name="accept" />
          </span>
        )}
      </div>
      <div id={`${id}-says`} class="lw-line lw-says">
        {label && <Swatch color={label.color} place={index} />}
        <span class={`lw-cut lw-grow${state === "done" ? "" : " lw-muted"}`} dir="auto">
          {says}
        </span>
        {state === "guess" && <span class="lw-score">{percent(guess?.score ?? null) || "?"}</span>}
      </div>
    </div>
  );
}

function fieldOf(desk: Desk): string {
  return desk.state.value.schema.fields.find(({ kind }) => kind === "choice")?.name ?? "";
}

/** How many tiles stand in a row. */
function columnsOf(host: HTMLElement): number {
  return getComputedStyle(host).gridTemplateColumns.split(" ").length;
}

function placeOf(event: Event): number {
  const tile = (event.target as Element).closest<HTMLElement>(".lw-tile");
  return tile ? Number(tile.dataset.place) : -1;
}

/** Where a key moves the cursor, or -1. */
export function gridMove(key: string, at: number, columns: number, count: number): number {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key];
  if (by !== undefined) return at + by >= 0 && at + by < count ? at + by : at;
  return key === "Home" ? 0 : key === "End" ? count - 1 : -1;
}

function Grid({ desk, tiles, id }: { desk: Desk; tiles: Tiles; id: string }) {
  const grid = useRef<HTMLDivElement>(null);
  const tasks = useSignal(tiles.tasks);
  const answers = useSignal(tiles.answers);
  const selected = useSignal(tiles.selected);
  const cursor = useSignal(tiles.cursor);
  const size = useSignal(tiles.size);
  const { box, wasDrag, on } = useLasso(tiles);
  useEffect(() => grid.current?.querySelector(".lw-at")?.scrollIntoView?.({ block: "nearest" }), [cursor]);
  const onClick = (event: MouseEvent) => {
    const place = placeOf(event);
    grid.current?.focus({ preventScroll: true });
    if (wasDrag()) return;
    if (place < 0) tiles.select([]);
    else if (event.shiftKey) tiles.extend(place);
    else tiles.toggle(place);
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = gridMove(event.key, cursor, columnsOf(event.currentTarget), tasks.length);
    if (to >= 0) tiles.move(to, event.shiftKey);
    else if (event.key === " ") tiles.toggle(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="lw-shelf">
      <div
        ref={grid}
        class="lw-grid"
        style={{ "--lw-tile": `${size}px` }}
        role="listbox"
        aria-label="Items"
        aria-multiselectable="true"
        aria-activedescendant={tasks.length > 0 ? `${id}-${cursor}` : undefined}
        tabIndex={0}
        onClick={onClick}
        onKeyDown={onKeyDown}
        {...on}
      >
        {tasks.map((task, i) => (
          <Tile
            key={task.push.id}
            id={`${id}-${i}`}
            desk={desk}
            task={task}
            values={answers.get(task.push.id)}
            place={i}
            count={tasks.length}
            selected={selected.has(task.push.id)}
            at={i === cursor}
          />
        ))}
        {box && (
          <div
            class="lw-lasso"
            role="presentation"
            style={{
              left: `${box.left}px`,
              top: `${box.top}px`,
              width: `${box.right - box.left}px`,
              height: `${box.bottom - box.top}px`,
            }}
          />
        )}
      </div>
      <More tiles={tiles} desk={desk} />
    </div>
  );
}

function More({ tiles, desk }: { tiles: Tiles; desk: Desk }) {
  const left = useSignal(desk.left) ?? 0;
  const trouble = useSignal(tiles.trouble);
  const there = useSignal(tiles.tasks).length;
  if (!trouble && (left === 0 || there === 0)) return null;
  return (
    <div class="lw-line lw-more">
      {trouble && <span>No more items came: {trouble}</span>}
      <Button
        says={trouble ? "Try again" : `Show more of ${left.toLocaleString("en")}`}
        look="edged"
        onClick={() => void tiles.more()}
      />
    </div>
  );
}

let grids = 0;

/** The surface that shows `tiles`, until its scope ends. */
export function gridSurface(tiles: Tiles): Surface {
  return (host, desk, scope) => {
    grids += 1;
    render(<Grid desk={desk} tiles={tiles} id={`lw-grid${grids}`} />, host);
    scope.own(() => render(null, host));
    scope.own(tiles.attach());
    return {
      focus: () => host.querySelector<HTMLElement>(".lw-grid")?.focus({ preventScroll: true }),
      primary: derived([tiles.ready], (ready) => (ready > 0 ? `Submit ${ready}` : "Submit")),
    };
  };
}
