/** The part of widgets whose item is a text: spans in it, or answers about it. */

import { textSurface } from "../text/surface.ts";
import { bundleOf } from "../ui/mount.ts";
import { OF_TEXT } from "../ui/tools.ts";

export default bundleOf(() => ({ surface: textSurface, tools: OF_TEXT }));
