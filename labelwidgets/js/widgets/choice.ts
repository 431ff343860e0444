/** The part of widgets that ask about an item, one at a time. */

import { itemSurface } from "../ui/item.tsx";
import { bundleOf } from "../ui/mount.ts";

export default bundleOf(() => ({ surface: itemSurface }));
