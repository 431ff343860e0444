/** The part of widgets whose item is a dialogue: its turns, the words in them, answers beside it. */

import { dialogueSurface } from "../dialogue/surface.ts";
import { bundleOf } from "../ui/mount.ts";

export default bundleOf(() => ({ surface: dialogueSurface }));
