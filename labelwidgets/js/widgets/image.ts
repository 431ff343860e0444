/** The part of widgets whose item is an image: boxes on it, or answers about it. */

import { imageSurface } from "../canvas/surface.ts";
import { OF_IMAGES } from "../ui/drawn.ts";
import { bundleOf } from "../ui/mount.ts";

export default bundleOf(() => ({ surface: imageSurface, drawn: OF_IMAGES }));
