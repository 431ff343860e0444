/** The part of widgets whose item is a dialogue: its turns, the words in them, answers beside it. */

import { dialogueSurface } from "../dialogue/surface.ts";
import { OF_DIALOGUES } from "../ui/drawn.ts";
import { bundleOf } from "../ui/mount.ts";

export default bundleOf(() => ({ surface: dialogueSurface, drawn: OF_DIALOGUES }));
