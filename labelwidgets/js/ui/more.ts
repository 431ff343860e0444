/** The part with what can come after the first paint; see later.tsx. */

export { Comments } from "./comments.tsx";
export { BrokenItem, Closed, Finished } from "./ends.tsx";
export { Changes } from "./fields/changes.tsx";
export { NumberField } from "./fields/number.tsx";
export { Pairwise } from "./fields/pairwise.tsx";
export { Picker } from "./fields/picker.tsx";
export { Ranking } from "./fields/ranking.tsx";
export { Find } from "./find.tsx";
export { Help } from "./help.tsx";
export { Instructions } from "./instructions.tsx";
export { Notices } from "./notices.tsx";
export { Menu, Skip } from "./popover.tsx";
export { Regions } from "./regions.tsx";
export { SuggestionBanner } from "./suggestion.tsx";
