/** The part of widgets for texts whose spans are joined by relations. */

import { Relating } from "../text/relating.ts";
import { relationSurface } from "../text/surface.ts";
import { bundleOf } from "../ui/mount.ts";
import { OF_TEXT } from "../ui/tools.ts";

export default bundleOf(() => ({
  surface: relationSurface((desk, spans) => new Relating(desk, spans)),
  tools: OF_TEXT,
}));
