/** The part of widgets that tag the given tokens of a text, with the arcs between them. */

import { tokenSurface } from "../tokens/surface.ts";
import { OF_TOKENS } from "../ui/drawn.ts";
import { bundleOf } from "../ui/mount.ts";

export default bundleOf(() => ({ surface: tokenSurface, drawn: OF_TOKENS }));
