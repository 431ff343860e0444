/** The part of widgets whose item is a dialogue: its turns, the words in them, answers beside it. */

import { dialogueSurface } from "../dialogue/surface.ts";
import { bundleOf } from "../ui/mount.ts";
import { AT_ONCE, ZOOM_IN, ZOOM_OUT } from "../ui/tools.ts";

export default bundleOf(() => ({ surface: dialogueSurface, tools: [AT_ONCE, ZOOM_OUT, ZOOM_IN] }));
