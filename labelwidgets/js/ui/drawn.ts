/** What the bar of labels has for each surface that draws regions. */

import type { Drawn } from "./labelbar.tsx";
import { RegionBar as bar } from "./regionbar.tsx";
import { ARC, AT_ONCE, DRAW, FIND_TEXT, FIT, HIDE, INVISIBLE, ZOOM_IN, ZOOM_OUT } from "./tools.ts";

export const OF_IMAGES: Drawn = { bar, tools: [DRAW, HIDE, ZOOM_OUT, ZOOM_IN, FIT] };
export const OF_TEXTS: Drawn = { bar, tools: [AT_ONCE, FIND_TEXT, INVISIBLE, HIDE, ZOOM_OUT, ZOOM_IN] };
export const OF_TOKENS: Drawn = { bar, tools: [ARC, ZOOM_OUT, ZOOM_IN] };
export const OF_DIALOGUES: Drawn = { bar, tools: [AT_ONCE, ZOOM_OUT, ZOOM_IN] };
