/** The part of widgets that ask about many items at once. */

import { Many } from "../core/many.ts";
import { gridSurface } from "../ui/grid.tsx";
import { itemSurface } from "../ui/item.tsx";
import { onlyChoice } from "../ui/labelbar.tsx";
import { bundleOf } from "../ui/mount.ts";
import { Tiles } from "../ui/tiles.ts";

export default bundleOf((opened) => {
  const tiles = new Tiles(opened, new Many(opened));
  const alone = onlyChoice(opened.state.value.schema) !== null;
  return { surface: gridSurface(tiles), desk: tiles.desk, example: itemSurface, alone };
});
