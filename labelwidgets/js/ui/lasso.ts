/** Selecting tiles by dragging a rectangle over them. */

import { useRef, useState } from "preact/hooks";
import type { Tiles } from "./tiles.ts";

/** Movement that makes a press a drag, in px. */
const SLOP = 6;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Point {
  x: number;
  y: number;
}

type GridEvent = PointerEvent & { currentTarget: HTMLElement };

/** The box between two points. */
export function between(a: Point, b: Point): Box {
  const [left, right] = a.x < b.x ? [a.x, b.x] : [b.x, a.x];
  const [top, bottom] = a.y < b.y ? [a.y, b.y] : [b.y, a.y];
  return { left, top, right, bottom };
}

export function meets(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Where the pointer is in the grid, in px of its content. */
function inGrid({ clientX, clientY, currentTarget }: GridEvent): Point {
  const { left, top } = currentTarget.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

function boxOf({ offsetLeft: left, offsetTop: top, offsetWidth, offsetHeight }: HTMLElement): Box {
  return { left, top, right: left + offsetWidth, bottom: top + offsetHeight };
}

export interface Lasso {
  /** What is being dragged now. */
  box: Box | null;
  /** Whether the click that follows ends a drag, and is no click. Forgotten when asked. */
  wasDrag: () => boolean;
  on: {
    onPointerDown: (event: GridEvent) => void;
    onPointerMove: (event: GridEvent) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
  };
}

export function useLasso(tiles: Tiles): Lasso {
  const [box, setBox] = useState<Box | null>(null);
  const start = useRef<(Point & { kept: ReadonlySet<number> }) | null>(null);
  const dragged = useRef(false);
  const end = () => {
    start.current = null;
    setBox(null);
  };
  const down = (event: GridEvent) => {
    dragged.current = false;
    // A finger scrolls.
    if (event.button !== 0 || event.pointerType === "touch") return;
    const adds = event.ctrlKey || event.metaKey;
    start.current = { ...inGrid(event), kept: adds ? tiles.selected.value : new Set() };
  };
  const move = (event: GridEvent) => {
    const from = start.current;
    if (!from) return;
    const here = inGrid(event);
    if (!box && Math.hypot(here.x - from.x, here.y - from.y) < SLOP) return;
    dragged.current = true;
    const grid = event.currentTarget;
    if (!grid.hasPointerCapture(event.pointerId)) grid.setPointerCapture(event.pointerId);
    const next = between(from, here);
    setBox(next);
    const met = Array.from(grid.querySelectorAll<HTMLElement>(".lw-tile")).filter((tile) =>
      meets(next, boxOf(tile)),
    );
    const tasks = tiles.tasks.value;
    const ids = met.flatMap((tile) => tasks[Number(tile.dataset.place)]?.push.id ?? []);
    tiles.select([...from.kept, ...ids]);
  };
  const wasDrag = () => {
    const was = dragged.current;
    dragged.current = false;
    return was;
  };
  return {
    box,
    wasDrag,
    on: { onPointerDown: down, onPointerMove: move, onPointerUp: end, onPointerCancel: end },
  };
}
