/** The part of widgets whose item is a text: spans in it, or answers about it. */

import { relationSurface, textSurface } from "../text/surface.ts";
import { OF_TEXTS } from "../ui/drawn.ts";
import { bundleOf } from "../ui/mount.ts";

/** For the part upon this one. */
export { OF_TEXTS, relationSurface };

export default bundleOf(() => ({ surface: textSurface, drawn: OF_TEXTS }));
