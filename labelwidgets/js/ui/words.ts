/** What the frame says, as pure functions: counts, pace, the truth about saving. */

import type { Saving } from "../core/desk.ts";
import type { State } from "../core/protocol.ts";
import type { IconName } from "./icons.tsx";

export interface Said {
  icon: IconName;
  tone: "good" | "busy" | "warn" | "bad";
  text: string;
  /** More, for the tooltip. */
  more: string;
}

/** Hours and minutes of the page's clock. */
export function clock(at: Date): string {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** "1 answer", "2 answers". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** A page that Voila made has no cells to run again; it is loaded anew. */
export function isPublished(): boolean {
  return document.body.dataset.voila !== undefined;
}

/** What helps when the kernel does not answer: a restarted one has no widget behind this page. */
export function remedy(): string {
  return isPublished()
    ? "If this lasts, reload the page."
    : "If the kernel was restarted, run the cell again.";
}

/** The truth about saving, in one line. */
export function saidOfSaving({ state, pending, since, reason }: Saving): Said {
  const said = (icon: IconName, tone: Said["tone"], text: string, more: string): Said => {
    return { icon, tone, text, more };
  };
  const waiting = counted(pending, "answer");
  switch (state) {
    case "saved":
      return said("saved", "good", "Saved", "Every answer is in the store.");
    case "saving":
      return said("saving", "busy", `Saving ${pending}`, `${waiting} on the way to the store.`);
    case "offline": {
      const text = since ? `Not saved since ${clock(since)}` : "Not saved";
      return said("offline", "bad", text, `${waiting} not in the store yet. ${reason || remedy()}`);
    }
    case "memory":
      return said(
        "memory",
        "warn",
        "Kept only while this tab is open",
        `This browser keeps nothing: ${reason}`,
      );
    case "paused":
      return said("pause", "warn", "Paused", "Any key or click goes on.");
  }
}

type Progress = State["progress"];

/** "12 of 300": the item on the desk among all. */
export function place(progress: Progress): string {
  return `${progress.place.toLocaleString("en")} of ${progress.total.toLocaleString("en")}`;
}

/** Done share in 0..1. */
export function share(progress: Progress): number {
  return progress.total > 0 ? Math.min(1, (progress.place + progress.skipped) / progress.total) : 0;
}

/** "41/h", empty before there is a pace. */
export function pace(progress: Progress): string {
  return progress.per_hour >= 1 ? `${Math.round(progress.per_hour).toLocaleString("en")}/h` : "";
}
