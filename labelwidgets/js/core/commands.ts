/** The table of commands and their keys, for every widget: handling, help and docs read this one; titles.ts says what they do. */

export interface Command {
  readonly id: CommandId;
  /** Any of these chords; "Mod" is Cmd on macOS, Ctrl elsewhere. */
  readonly keys: readonly string[];
  readonly group: Group;
}

/*
 * Digits and lower-case letters belong to labels, so commands take named keys, capitals (Shift and the first
 * letter of what they do: found on every layout, unlike "[" or "`", and safe with Caps Lock) or one of the
 * signs that every layout types without a dead key. "!" and '"' are out: "!" is Shift+1 on US keyboards and
 * '"' is the unshifted 3 on French ones. PageUp, PageDown and Space stay with scrolling and buttons;
 * Shift+Enter stays with the notebook, where it runs the cell. What is done to a text has the keys of editors, and
 * shares some with what is done to a picture: no widget shows both.
 */
const KEYS = {
  Answer: {
    submit: "Enter Mod+Enter",
    skip: "Shift+S",
    back: "Shift+B",
    undo: "Mod+Z",
    redo: "Mod+Shift+Z Mod+Y",
    // Side by side under the right hand, unshifted on nearly all layouts.
    accept: ".",
    reject: ",",
    find: "/",
    unsure: "Shift+U",
    flag: "Shift+F",
    comment: "Shift+C",
  },
  Regions: {
    new: "Shift+N",
    next: "Shift+J",
    previous: "Shift+K",
    delete: "Delete Backspace",
    left: "ArrowLeft Shift+ArrowLeft",
    right: "ArrowRight Shift+ArrowRight",
    up: "ArrowUp Shift+ArrowUp",
    down: "ArrowDown Shift+ArrowDown",
    narrower: "Alt+ArrowLeft Alt+Shift+ArrowLeft",
    wider: "Alt+ArrowRight Alt+Shift+ArrowRight",
    shorter: "Alt+ArrowUp Alt+Shift+ArrowUp",
    taller: "Alt+ArrowDown Alt+Shift+ArrowDown",
    "turn-left": "Shift+L",
    "turn-right": "Shift+R",
    "select-all": "Mod+A",
    copy: "Mod+C",
    paste: "Mod+V",
    duplicate: "Mod+D",
  },
  Turns: {
    "turn-next": "ArrowDown",
    "turn-before": "ArrowUp",
    "turn-first": "Home",
    "turn-last": "End",
    "turn-open": "Shift+T",
  },
  Text: {
    "caret-left": "ArrowLeft Shift+ArrowLeft",
    "caret-right": "ArrowRight Shift+ArrowRight",
    "caret-up": "ArrowUp Shift+ArrowUp",
    "caret-down": "ArrowDown Shift+ArrowDown",
    "word-left": "Mod+ArrowLeft Mod+Shift+ArrowLeft",
    "word-right": "Mod+ArrowRight Mod+Shift+ArrowRight",
    "line-start": "Home Shift+Home",
    "line-end": "End Shift+End",
    "text-start": "Mod+Home Mod+Shift+Home",
    "text-end": "Mod+End Mod+Shift+End",
    grow: "Alt+Shift+ArrowRight",
    shrink: "Alt+Shift+ArrowLeft",
    mark: "Shift+N",
    "at-once": "Shift+A",
    everywhere: "Shift+E",
    join: "Shift+P",
    "end-right": "Alt+ArrowRight",
    "end-left": "Alt+ArrowLeft",
    "start-left": "Alt+ArrowUp",
    "start-right": "Alt+ArrowDown",
    link: "Shift+L",
    "no-answer": "Shift+X",
    "arc-from": "Shift+D",
    "token-open": "Shift+T",
    "find-text": "Mod+F",
    invisible: "Shift+V",
  },
  View: {
    "zoom-in": "+",
    "zoom-out": "-",
    // By position, so that it is the key beside Escape on every layout.
    fit: "Shift+1",
    "actual-size": "Shift+0",
    hide: "Shift+H",
    guides: "Shift+G",
  },
  Help: {
    instructions: "Shift+I",
    open: "Shift+O",
    help: "?",
    leave: "Escape",
  },
} as const;

export type Group = keyof typeof KEYS;

type Ids<Rows> = Rows extends unknown ? keyof Rows : never;

export type CommandId = Ids<(typeof KEYS)[Group]>;

export const COMMANDS: readonly Command[] = Object.entries(KEYS).flatMap(([group, rows]) =>
  Object.entries(rows).map(([id, keys]) => ({
    id: id as CommandId,
    keys: keys.split(" "),
    group: group as Group,
  })),
);
