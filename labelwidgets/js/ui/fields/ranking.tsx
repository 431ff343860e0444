/** An order, best first: by clicking one after another, by dragging, by keys. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Candidate, mostRanked, ranked, rankedIn, rankedNext } from "../../core/candidates.ts";
import { rankedAt } from "../../core/compared.ts";
import type { RankingJson } from "../../core/protocol.ts";
import { Button, Key, Swatch } from "../control.tsx";
import { DOWN, GRIP, UP } from "../drawings.ts";
import { Icon } from "../icons.tsx";
import { colored } from "../style.ts";
import { type ControlProps, described } from "./control.ts";
import { Said } from "./pairwise.tsx";

/** What is in the hand, and where it would come to lie among the others. */
interface Drag {
  id: string;
  place: number;
}

interface RowProps {
  candidate: Candidate;
  /** From 1; 0 while it has none. */
  rank: number;
  /** What a model suggests, 0 for nothing. */
  guess: number;
  place: number;
  count: number;
  keys: string | null;
  id: string;
  held: boolean;
  onPick: () => void;
  onMove: (by: number) => void;
  onGrab: (event: PointerEvent) => void;
}

function Row(props: RowProps) {
  const { candidate, rank, guess, place, count, keys, id, held, onMove } = props;
  const { title, text, option } = candidate;
  const says =
    rank > 0 ? `ranked ${rank} of ${count}` : guess > 0 ? `not ranked, suggested ${guess}` : "not ranked";
  return (
    <li
      class={`lw-ranked${rank > 0 ? " lw-on" : ""}${held ? " lw-held" : ""}`}
      style={colored(option?.color)}
    >
      <div class="lw-line">
        <span class="lw-handle" title="Drag to rank" aria-hidden="true" onPointerDown={props.onGrab}>
          <Icon name={GRIP} />
        </span>
        <button
          type="button"
          id={id}
          class="lw-label lw-grow"
          aria-pressed={rank > 0}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          onClick={props.onPick}
        >
          <span class={`lw-rank${rank > 0 ? " lw-given" : guess > 0 ? " lw-guess" : ""}`} aria-hidden="true">
            {rank || guess || "–"}
          </span>
          {option && <Swatch color={option.color} place={place} />}
          <Key of={keys} />
          <span class="lw-cut" dir="auto">
            {title}
          </span>
          <span class="lw-unseen">, {says}</span>
        </button>
        <Button
          says={`Rank ${title} higher`}
          icon={UP}
          only
          disabled={rank === 1}
          onClick={() => onMove(-1)}
        />
        <Button
          says={`Rank ${title} lower`}
          icon={DOWN}
          only
          disabled={rank === 0}
          onClick={() => onMove(1)}
        />
      </div>
      <Said text={text} title={title} id={`${id}-said`} />
    </li>
  );
}

/** How many of the rows, the held one left out, lie above a height. */
function placeAt(list: HTMLElement, y: number): number {
  const rows = [...list.querySelectorAll(".lw-ranked:not(.lw-held)")];
  return rows.filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return (top + bottom) / 2 < y;
  }).length;
}

export function Ranking(props: ControlProps<RankingJson>) {
  const { field, value, suggested = null, id, invalid, data = {}, keyOf, onChange } = props;
  const list = useRef<HTMLOListElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [said, setSaid] = useState("");
  const follow = useRef<string | null>(null);
  useLayoutEffect(() => {
    const row = follow.current === null ? -1 : order.indexOf(follow.current);
    follow.current = null;
    if (row >= 0) list.current?.querySelectorAll<HTMLElement>(".lw-ranked .lw-label")[row]?.focus();
  });
  const given = ranked(field, data);
  const all = given.map((candidate) => candidate.id);
  const most = mostRanked(field, all.length);
  const now = rankedIn(value).filter((each) => all.includes(each));
  const shown = drag ? rankedAt(now, drag.id, drag.place, most) : now;
  const order = [...shown, ...all.filter((each) => !shown.includes(each))];
  const guesses = rankedIn(suggested);
  const rank = (next: string[], of: Candidate) => {
    const at = next.indexOf(of.id) + 1;
    setSaid(at > 0 ? `${of.title} is ranked ${at} of ${most}.` : `${of.title} is not ranked.`);
    onChange(next.length > 0 ? next : null);
  };
  const move = (of: Candidate, by: number) => {
    const at = now.indexOf(of.id);
    // What has no rank yet comes in at the end.
    rank(at < 0 ? rankedNext(now, of.id, all, most) : rankedAt(now, of.id, Math.max(0, at + by), most), of);
    // The row has moved in the page: the focus goes with it.
    follow.current = of.id;
  };
  const grab = (of: Candidate) => (event: PointerEvent) => {
    // The list stays where it is while its rows change places.
    list.current?.setPointerCapture(event.pointerId);
    event.preventDefault();
    setDrag({ id: of.id, place: order.indexOf(of.id) });
  };
  const drop = (keep: boolean) => {
    const of = given.find((candidate) => candidate.id === drag?.id);
    setDrag(null);
    if (drag && of && keep) rank(rankedAt(now, drag.id, drag.place, most), of);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape" && drag) drop(false);
    else if (by === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    else {
      const rows = [...(list.current?.querySelectorAll<HTMLElement>(".lw-ranked .lw-label") ?? [])];
      const at = rows.indexOf(event.target as HTMLElement);
      const of = given.find((candidate) => candidate.id === order[at]);
      if (event.altKey && of) move(of, by);
      else rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  if (given.length === 0) return <p class="lw-muted">There is nothing to rank in this row.</p>;
  return (
    <div class="lw-compare">
      <ol
        ref={list}
        class={`lw-ranking${drag ? " lw-dragging" : ""}`}
        aria-labelledby={`${id}-name`}
        aria-describedby={described(id, field, invalid)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) =>
          drag && setDrag({ ...drag, place: placeAt(event.currentTarget, event.clientY) })
        }
        onPointerUp={() => drop(true)}
        onPointerCancel={() => drop(false)}
      >
        {order.map((each, i) => {
          const place = all.indexOf(each);
          const candidate = given[place] as Candidate;
          return (
            <Row
              key={each}
              candidate={candidate}
              rank={shown.indexOf(each) + 1}
              guess={guesses.indexOf(each) + 1}
              place={place}
              count={most}
              keys={keyOf(field.column === null ? each : String(place + 1))}
              id={i === 0 ? id : `${id}-${i}`}
              held={drag?.id === each}
              onPick={() => rank(rankedNext(now, each, all, most), candidate)}
              onMove={(by) => move(candidate, by)}
              onGrab={grab(candidate)}
            />
          );
        })}
      </ol>
      <div class="lw-unseen" role="status">
        {said}
      </div>
      <p class="lw-muted lw-end">
        {now.length < most ? `${now.length} of ${most} ranked, best first` : "All ranked, best first"}
      </p>
    </div>
  );
}
