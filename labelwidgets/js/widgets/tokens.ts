/** The part of widgets that tag the given tokens of a text, with the arcs between them. */

import { tokenSurface } from "../tokens/surface.ts";
import { bundleOf } from "../ui/mount.ts";
import { ARC, ZOOM_IN, ZOOM_OUT } from "../ui/tools.ts";

export default bundleOf(() => ({ surface: tokenSurface, tools: [ARC, ZOOM_OUT, ZOOM_IN] }));
