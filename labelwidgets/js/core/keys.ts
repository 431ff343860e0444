/** From a key press to the chords it may mean, on any keyboard layout. */

/** What of a KeyboardEvent is looked at; a test can make one without a DOM. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode?: number;
  getModifierState?(name: string): boolean;
}

/** Whether an input method is at work: it owns every key. 229 is how Safari says so after the composition. */
export function isComposing(event: KeyPress): boolean {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Chords that `event` may mean, most specific first; "Mod" is Cmd on macOS, Ctrl elsewhere.
 *
 * Digits go by position, because French keyboards type them only with Shift. Letters go by what is typed,
 * and by position where that is no Latin letter. Signs go by what is typed, whatever Shift or AltGr it took.
 */
export function chordsOf(event: KeyPress, mac: boolean): string[] {
  const { key, code } = event;
  const sign = key.length === 1 && !isLetter(key) && !isDigit(key) && key !== " ";
  const altGr = sign && (event.getModifierState?.("AltGraph") === true || (event.ctrlKey && event.altKey));
  if (!altGr && (mac ? event.ctrlKey : event.metaKey)) return [];
  const mod = !altGr && (mac ? event.metaKey : event.ctrlKey);
  const modifiers = (shift: boolean) =>
    `${mod ? "Mod+" : ""}${event.altKey && !altGr ? "Alt+" : ""}${shift ? "Shift+" : ""}`;
  const shifted = modifiers(event.shiftKey);
  const chords: string[] = [];
  const digit = digitOf(event);
  if (digit !== null) chords.push(shifted + digit);
  // The decimal key types "." or "," by country: a trap for commands on either.
  if (sign && code !== "NumpadDecimal") chords.push(modifiers(false) + key);
  for (const letter of lettersOf(event)) chords.push(shifted + letter);
  if (key === " ") chords.push(`${shifted}Space`);
  else if (key.length > 1 && key !== "Dead") chords.push(shifted + key);
  return chords;
}

function digitOf({ key, code }: KeyPress): string | null {
  const row = /^Digit(\d)$/.exec(code);
  if (row) return row[1] ?? null;
  // Without NumLock the number pad is arrows.
  return isDigit(key) && (code.startsWith("Numpad") || code === "") ? key : null;
}

function lettersOf({ key, code }: KeyPress): string[] {
  const typed = key.length === 1 && isLetter(key) ? [key.toLowerCase()] : [];
  const place = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  const latin = /^[a-z]$/.test(typed[0] ?? "");
  return place && !latin && (typed.length > 0 || key === "Dead") ? [...typed, place] : typed;
}

/** Whether a chord is one that belongs to labels and options: a digit or a lower-case letter alone. */
export function isLabelKey(chord: string): boolean {
  return [...chord].length === 1 && (isDigit(chord) || isLetter(chord));
}

/** One spelling per chord: "ctrl+shift+Z" and "Shift+Mod+z" are the same. */
export function normalChord(chord: string): string {
  const parts =
    chord === "+" || chord.endsWith("++")
      ? [...chord.slice(0, -1).split("+").filter(Boolean), "+"]
      : chord.split("+");
  const key = parts.pop() ?? "";
  const names = new Set(parts.map((part) => MODIFIERS[part.trim().toLowerCase()]));
  // A capital letter alone means that it is typed with Shift.
  if (key.length === 1 && key !== key.toLowerCase() && parts.length === 0) names.add("Shift+");
  const order = ["Mod+", "Alt+", "Shift+"].filter((name) => names.has(name));
  return order.join("") + (key.length === 1 ? key.toLowerCase() : key);
}

const MODIFIERS: Record<string, string | undefined> = {
  mod: "Mod+",
  ctrl: "Mod+",
  cmd: "Mod+",
  alt: "Alt+",
  shift: "Shift+",
};

const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
};

/** A chord as people read it: "Ctrl+Shift+Z", "⇧⌘Z". */
export function displayChord(chord: string, mac: boolean): string {
  const [, modifiers = "", key = ""] = /^((?:Mod\+|Alt\+|Shift\+)*)(.+)$/.exec(chord) ?? [];
  const name = NAMES[key] ?? (modifiers && key.length === 1 ? key.toUpperCase() : key);
  if (!mac) return modifiers.replace("Mod", "Ctrl") + name;
  return modifiers.replace("Mod+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧") + name;
}

function isDigit(key: string): boolean {
  return /^[0-9]$/.test(key);
}

function isLetter(key: string): boolean {
  return /^\p{L}$/u.test(key);
}
