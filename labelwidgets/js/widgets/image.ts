/** The part of widgets whose item is an image: boxes on it, or answers about it. */

import { imageSurface } from "../canvas/surface.ts";
import { bundleOf } from "../ui/mount.ts";
import { DRAW, FIT, HIDE, ZOOM_IN, ZOOM_OUT } from "../ui/tools.ts";

export default bundleOf(() => ({ surface: imageSurface, tools: [DRAW, HIDE, ZOOM_OUT, ZOOM_IN, FIT] }));
