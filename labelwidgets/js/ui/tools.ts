/** Commands that have a tool at the end of the bar of labels, each with its icon; the others are for keys. */

import type { CommandId } from "../core/commands.ts";
import { FIND } from "./drawings.ts";
import type { IconName } from "./icons.tsx";

export interface Tool {
  readonly id: CommandId;
  readonly icon: IconName;
  readonly says: string;
}

export const DRAW: Tool = {
  id: "new",
  icon: "M3 3h10v10H3V3ZM1.5 3H3M3 1.5V3m10 10v1.5M13 13h1.5",
  says: "New region in the middle",
};
export const AT_ONCE: Tool = {
  id: "at-once",
  icon: "M3 13l1-3.5L10.5 3 13 5.5 6.5 12 3 13Zm6-8.5L11.5 7",
  says: "Label at once what the pointer selects",
};
export const ARC: Tool = {
  id: "arc-from",
  icon: "M3 13V8a5 5 0 0 1 10 0v5m-2.5-2.5L13 13l2.5-2.5",
  says: "Arc from this token",
};
export const FIND_TEXT: Tool = { id: "find-text", icon: FIND, says: "Find in a long text" };
export const INVISIBLE: Tool = {
  id: "invisible",
  icon: "M12.5 2.5H7a3 3 0 0 0 0 6h2m0-6v11m3-11v11",
  says: "Show invisible signs",
};
export const HIDE: Tool = {
  id: "hide",
  icon: "M1 8c2-3 4.2-4.5 7-4.5S13 5 15 8c-2 3-4.2 4.5-7 4.5S3 11 1 8Zm7-2a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  says: "Show or hide the regions",
};
export const ZOOM_OUT: Tool = {
  id: "zoom-out",
  icon: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8L14 14M5 7h4",
  says: "Zoom out",
};
export const ZOOM_IN: Tool = {
  id: "zoom-in",
  icon: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8L14 14M7 5v4M5 7h4",
  says: "Zoom in",
};
export const FIT: Tool = {
  id: "fit",
  icon: "M2 6V2h4m4 0h4v4m0 4v4h-4m-4 0H2v-4",
  says: "Fit the whole item",
};

/** All of them. */
export const TOOLS: readonly Tool[] = [
  DRAW,
  AT_ONCE,
  ARC,
  FIND_TEXT,
  INVISIBLE,
  HIDE,
  ZOOM_OUT,
  ZOOM_IN,
  FIT,
];
