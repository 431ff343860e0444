/** The part, upon that of texts, of widgets whose spans are joined by relations. */

import { Relating } from "../text/relating.ts";
import { bundleOf } from "../ui/mount.ts";
import { OF_TEXTS, relationSurface } from "./text.ts";

export default bundleOf(() => ({
  surface: relationSurface((desk, spans) => new Relating(desk, spans)),
  drawn: OF_TEXTS,
}));
