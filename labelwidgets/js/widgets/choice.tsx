/** The bundle of widgets that ask about an item: one at a time, or many at once in a grid. */

import type { Desk } from "../core/desk.ts";
import type { Bundle } from "../core/model.ts";
import { openDesk } from "../core/open.ts";
import { showCase } from "../core/showcase.ts";
import { type FrameOptions, mountFrame } from "../ui/frame.tsx";
import { gridSurface } from "../ui/grid.tsx";
import { itemSurface } from "../ui/item.tsx";
import { onlyChoice } from "../ui/labelbar.tsx";
import { Tiles } from "../ui/tiles.ts";
import { viewerOf } from "../ui/viewer.tsx";

function mountOne(el: HTMLElement, desk: Desk): void {
  const viewer = viewerOf((example) => showCase(desk, example), itemSurface);
  mountFrame(el, desk, itemSurface, { viewer }, desk.scope);
}

function mountGrid(el: HTMLElement, desk: Desk): void {
  const tiles = new Tiles(desk);
  const viewer = viewerOf((example) => showCase(desk, example), itemSurface);
  const options: FrameOptions = { viewer, alone: onlyChoice(desk.state.value.schema) !== null };
  mountFrame(el, tiles.desk, gridSurface(tiles), options, desk.scope);
}

const bundle: Bundle = {
  mount(model, el, inbox, signal) {
    const ended = new AbortController();
    const desk = openDesk(model, el, inbox, AbortSignal.any([signal, ended.signal]));
    (desk.state.value.mode === "grid" ? mountGrid : mountOne)(el, desk);
    return () => ended.abort();
  },
};

export default bundle;
