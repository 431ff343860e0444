/** The table of commands and their keys, for every widget. Help, docs and handling read this one table. */

export type Group = "Answer" | "Regions" | "Turns" | "Text" | "View" | "Help";

export interface Command {
  readonly id: string;
  /** Any of these chords; "Mod" is Cmd on macOS, Ctrl elsewhere. */
  readonly keys: readonly string[];
  readonly title: string;
  readonly group: Group;
}

const row = (group: Group, id: string, title: string, ...keys: string[]): Command => ({
  id,
  keys,
  title,
  group,
});

/*
 * Digits and lower-case letters belong to labels, so commands take named keys, capitals (Shift and the first
 * letter of what they do: found on every layout, unlike "[" or "`", and safe with Caps Lock) or one of the
 * signs that every layout types without a dead key. "!" and '"' are out: "!" is Shift+1 on US keyboards and
 * '"' is the unshifted 3 on French ones. PageUp, PageDown and Space stay with scrolling and buttons;
 * Shift+Enter stays with the notebook, where it runs the cell. What is done to a text has the keys of editors, and
 * shares some with what is done to a picture: no widget shows both.
 */
export const COMMANDS: readonly Command[] = [
  row("Answer", "submit", "Submit and go on", "Enter", "Mod+Enter"),
  row("Answer", "skip", "Skip this item", "Shift+S"),
  row("Answer", "back", "Back to the item before", "Shift+B"),
  row("Answer", "undo", "Undo, also the last answers", "Mod+Z"),
  row("Answer", "redo", "Redo", "Mod+Shift+Z", "Mod+Y"),
  // Side by side under the right hand, unshifted on nearly all layouts.
  row("Answer", "accept", "Accept the suggestion", "."),
  row("Answer", "reject", "Reject the suggestion", ","),
  row("Answer", "find", "Find a label by typing", "/"),
  row("Answer", "unsure", "Mark the answer as unsure", "Shift+U"),
  row("Answer", "flag", "Flag this item", "Shift+F"),
  row("Answer", "comment", "Write a comment", "Shift+C"),
  row("Regions", "new", "New region in the middle", "Shift+N"),
  row("Regions", "next", "Select the next region", "Shift+J"),
  row("Regions", "previous", "Select the region before", "Shift+K"),
  row("Regions", "delete", "Delete the selected regions", "Delete", "Backspace"),
  row("Regions", "left", "Nudge left (Shift: by 10)", "ArrowLeft", "Shift+ArrowLeft"),
  row("Regions", "right", "Nudge right", "ArrowRight", "Shift+ArrowRight"),
  row("Regions", "up", "Nudge up", "ArrowUp", "Shift+ArrowUp"),
  row("Regions", "down", "Nudge down", "ArrowDown", "Shift+ArrowDown"),
  row("Regions", "narrower", "Make narrower (Shift: by 10)", "Alt+ArrowLeft", "Alt+Shift+ArrowLeft"),
  row("Regions", "wider", "Make wider", "Alt+ArrowRight", "Alt+Shift+ArrowRight"),
  row("Regions", "shorter", "Make less high", "Alt+ArrowUp", "Alt+Shift+ArrowUp"),
  row("Regions", "taller", "Make higher", "Alt+ArrowDown", "Alt+Shift+ArrowDown"),
  row("Regions", "turn-left", "Turn counter-clockwise", "Shift+L"),
  row("Regions", "turn-right", "Turn clockwise", "Shift+R"),
  row("Regions", "select-all", "Select all regions", "Mod+A"),
  row("Regions", "copy", "Copy the selected regions", "Mod+C"),
  row("Regions", "paste", "Paste regions, also on another item", "Mod+V"),
  row("Regions", "duplicate", "Duplicate the selected regions", "Mod+D"),
  row("Turns", "turn-next", "Next turn", "ArrowDown"),
  row("Turns", "turn-before", "Turn before", "ArrowUp"),
  row("Turns", "turn-first", "First turn", "Home"),
  row("Turns", "turn-last", "Last turn", "End"),
  row("Turns", "turn-open", "Next turn without a label", "Shift+T"),
  row("Text", "caret-left", "Caret left (Shift: select)", "ArrowLeft", "Shift+ArrowLeft"),
  row("Text", "caret-right", "Caret right", "ArrowRight", "Shift+ArrowRight"),
  row("Text", "caret-up", "Caret up", "ArrowUp", "Shift+ArrowUp"),
  row("Text", "caret-down", "Caret down", "ArrowDown", "Shift+ArrowDown"),
  row("Text", "word-left", "A word to the left", "Mod+ArrowLeft", "Mod+Shift+ArrowLeft"),
  row("Text", "word-right", "A word to the right", "Mod+ArrowRight", "Mod+Shift+ArrowRight"),
  row("Text", "line-start", "To the beginning of the line", "Home", "Shift+Home"),
  row("Text", "line-end", "To the end of the line", "End", "Shift+End"),
  row("Text", "text-start", "To the beginning of the text", "Mod+Home", "Mod+Shift+Home"),
  row("Text", "text-end", "To the end of the text", "Mod+End", "Mod+Shift+End"),
  row("Text", "grow", "Select more: word, sentence, paragraph, text", "Alt+Shift+ArrowRight"),
  row("Text", "shrink", "Select less again", "Alt+Shift+ArrowLeft"),
  row("Text", "mark", "Label what is selected", "Shift+N"),
  row("Text", "at-once", "Label at once what the pointer selects", "Shift+A"),
  row("Text", "everywhere", "Label the same text everywhere", "Shift+E"),
  row("Text", "join", "Join what is selected to the last span", "Shift+P"),
  row("Text", "end-right", "Move the span's end to the right", "Alt+ArrowRight"),
  row("Text", "end-left", "Move the span's end to the left", "Alt+ArrowLeft"),
  row("Text", "start-left", "Lengthen the span at its beginning", "Alt+ArrowUp"),
  row("Text", "start-right", "Shorten the span at its beginning", "Alt+ArrowDown"),
  row("Text", "link", "Link the span to an entry", "Shift+L"),
  row("Text", "no-answer", "There is no answer in the text", "Shift+X"),
  row("Text", "arc-from", "Arc from this token", "Shift+D"),
  row("Text", "token-open", "Next token without a tag", "Shift+T"),
  row("Text", "find-text", "Find in a long text", "Mod+F"),
  row("Text", "invisible", "Show invisible signs", "Shift+V"),
  row("View", "zoom-in", "Zoom in", "+"),
  row("View", "zoom-out", "Zoom out", "-"),
  // By position, so that it is the key beside Escape on every layout.
  row("View", "fit", "Fit the whole item", "Shift+1"),
  row("View", "actual-size", "One pixel of the image per pixel of the screen", "Shift+0"),
  row("View", "hide", "Show or hide the regions", "Shift+H"),
  row("View", "guides", "Show or hide the guide lines", "Shift+G"),
  row("Help", "instructions", "Instructions", "Shift+I"),
  row("Help", "open", "Open a page or a project of the app", "Shift+O"),
  row("Help", "help", "This list of keys", "?"),
  row("Help", "leave", "Cancel, then deselect, then leave the widget", "Escape"),
];
