/** What the app says, as pure functions: times, durations, names of pages. */

import type { Project, Work } from "./acts.ts";
import type { PageName } from "./place.ts";

export const TITLES: Record<PageName, string> = {
  projects: "Projects",
  label: "Label",
  work: "My work",
  manage: "Manage",
  about: "About",
};

/** A store's unnamed project goes by the app's own title. */
export function called(name: string, title: string): string {
  return name === "default" ? title : name;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** "just now", "5 min ago", "3 h ago", "2 d ago", "12 Nov", "12 Nov 2025". */
export function ago(at: string | null, now: Date = new Date()): string {
  const then = at === null ? null : new Date(at);
  if (!then || Number.isNaN(then.getTime())) return "";
  const past = (now.getTime() - then.getTime()) / 1000;
  if (past < MINUTE) return "just now";
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} d ago`;
  const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year });
}

/** The whole moment: "1 Dec 2026, 21:59". */
export function moment(at: string | null): string {
  return at === null ? "" : new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** "45 s", "12 min", "3.5 h"; "" for what is not known. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * MINUTE) return `${Math.round(seconds / MINUTE)} min`;
  return `${(seconds / HOUR).toFixed(1)} h`;
}

export function number(n: number): string {
  return n.toLocaleString("en");
}

/** "Ann Lee" to "AL"; never more than two letters. */
export function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** Share in 0..1 of a project's tasks that want no answer any more. */
export function doneShare({ total, done, skipped }: Pick<Project, "total" | "done" | "skipped">): number {
  return total > 0 ? Math.min(1, (done + skipped) / total) : 0;
}

/** "57 of 100" with a goal, "57" without. */
export function mineOf({ answered, goal }: Pick<Work, "answered" | "goal">): string {
  return goal ? `${number(answered)} of ${number(goal)}` : number(answered);
}

/** Every word of `query` stands somewhere in `text`; case and accents do not count. */
export function found(text: string, query: string): boolean {
  const plain = folded(text);
  return folded(query)
    .split(/\s+/)
    .every((word) => plain.includes(word));
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

export const ROLES: Record<string, string> = {
  annotator: "answers tasks and writes comments",
  reviewer: "also reads everybody's answers, accepts and corrects them",
  manager: "also adds tasks, invites people and exports",
  admin: "may do everything, also erase for good",
};

/** "annotator+reviewer" to "annotator, reviewer". */
export function role(name: string): string {
  return name.split("+").join(", ");
}
