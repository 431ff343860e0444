/** From a host's model to a frame in its page: how the own part of every widget begins. */

import type { Desk } from "../core/desk.ts";
import type { Bundle } from "../core/model.ts";
import { openDesk } from "../core/open.ts";
import type { WorkDesk } from "../core/workdesk.ts";
import { type FrameOptions, mountFrame } from "./frame.tsx";
import { laterFrom } from "./later.tsx";
import type { Surface } from "./surface.ts";

export interface Drawing extends FrameOptions {
  surface: Surface;
  /** What the panels get; the desk itself without it. */
  desk?: Desk;
}

/** The bundle of a widget, told by what it draws on a desk. */
export function bundleOf(draw: (desk: WorkDesk) => Drawing): Bundle {
  return {
    mount(model, el, inbox, signal, later) {
      const opened = openDesk(model, el, inbox, signal);
      const { surface, desk = opened, ...options } = draw(opened);
      laterFrom(later);
      mountFrame(el, desk, surface, options);
    },
  };
}
