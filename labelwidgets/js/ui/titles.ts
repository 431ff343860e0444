/** What each command does, in words: for help and docs, which come after the first paint. */

import { COMMANDS, type CommandId } from "../core/commands.ts";
import { displayChord, normalChord } from "../core/keys.ts";
import { TOOLS } from "./tools.ts";

/** Commands that are no tools; a tool says itself what it does. */
const OTHERS: { readonly [id: string]: string } = {
  submit: "Submit and go on",
  skip: "Skip this item",
  back: "Back to the item before",
  undo: "Undo, also the last answers",
  redo: "Redo",
  accept: "Accept the suggestion",
  reject: "Reject the suggestion",
  find: "Find a label by typing",
  unsure: "Mark the answer as unsure",
  flag: "Flag this item",
  comment: "Write a comment",
  next: "Select the next region",
  previous: "Select the region before",
  delete: "Delete the selected regions",
  left: "Nudge left (Shift: by 10)",
  right: "Nudge right",
  up: "Nudge up",
  down: "Nudge down",
  narrower: "Make narrower (Shift: by 10)",
  wider: "Make wider",
  shorter: "Make less high",
  taller: "Make higher",
  "turn-left": "Turn counter-clockwise",
  "turn-right": "Turn clockwise",
  "select-all": "Select all regions",
  copy: "Copy the selected regions",
  paste: "Paste regions, also on another item",
  duplicate: "Duplicate the selected regions",
  "turn-next": "Next turn",
  "turn-before": "Turn before",
  "turn-first": "First turn",
  "turn-last": "Last turn",
  "turn-open": "Next turn without a label",
  "caret-left": "Caret left (Shift: select)",
  "caret-right": "Caret right",
  "caret-up": "Caret up",
  "caret-down": "Caret down",
  "word-left": "A word to the left",
  "word-right": "A word to the right",
  "line-start": "To the beginning of the line",
  "line-end": "To the end of the line",
  "text-start": "To the beginning of the text",
  "text-end": "To the end of the text",
  grow: "Select more: word, sentence, paragraph, text",
  shrink: "Select less again",
  mark: "Label what is selected",
  everywhere: "Label the same text everywhere",
  join: "Join what is selected to the last span",
  "end-right": "Move the span's end to the right",
  "end-left": "Move the span's end to the left",
  "start-left": "Lengthen the span at its beginning",
  "start-right": "Shorten the span at its beginning",
  link: "Link the span to an entry",
  "no-answer": "There is no answer in the text",
  "token-open": "Next token without a tag",
  "actual-size": "One pixel of the image per pixel of the screen",
  guides: "Show or hide the guide lines",
  instructions: "Instructions",
  open: "Open a page or a project of the app",
  help: "This list of keys",
  leave: "Cancel, then deselect, then leave the widget",
};

const TITLES = new Map<string, string>([
  ...Object.entries(OTHERS),
  ...TOOLS.map(({ id, says }) => [id, says] as const),
]);

export function titleOf(id: CommandId): string {
  return TITLES.get(id) ?? id;
}

/** The table of keys for the docs. */
export function markdown(): string {
  const lines: string[] = ["| key | on macOS | command | name for remapping |", "|---|---|---|---|"];
  for (const { id, keys } of COMMANDS) {
    const shown = (mac: boolean) =>
      keys.map((key) => `\`${displayChord(normalChord(key), mac)}\``).join(", ");
    lines.push(`| ${shown(false)} | ${shown(true)} | ${titleOf(id)} | \`${id}\` |`);
  }
  return lines.join("\n");
}
