/** The table of commands and their keys, for every widget. Help, docs and handling read this one table. */

export type Group = "Answer" | "Regions" | "View" | "Help";

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
 * Shift+Enter stays with the notebook, where it runs the cell.
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
  row("View", "zoom-in", "Zoom in", "+"),
  row("View", "zoom-out", "Zoom out", "-"),
  // By position, so that it is the key beside Escape on every layout.
  row("View", "fit", "Fit the whole item", "Shift+1"),
  row("View", "actual-size", "One pixel of the image per pixel of the screen", "Shift+0"),
  row("View", "hide", "Show or hide the regions", "Shift+H"),
  row("View", "guides", "Show or hide the guide lines", "Shift+G"),
  row("Help", "instructions", "Instructions", "Shift+I"),
  row("Help", "help", "This list of keys", "?"),
  row("Help", "leave", "Cancel, then deselect, then leave the widget", "Escape"),
];
