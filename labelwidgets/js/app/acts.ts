/**
 * The wire of the app's own page. Twin of `APP_MESSAGES` in messages.py; a test holds the two together. What is
 * labeled travels on the wire of its own widget; see core/protocol.ts.
 */

import type { Json } from "../core/protocol.ts";

/** Acts of the page, each with the fields it carries besides `kind` and `id`. */
export const APP_ACTS = {
  /** Hands in the ticket that says who is there, and opens the page of the address. */
  enter: ["ticket", "page", "project"],
  open: ["page", "project"],
  /** Sign of life; the page's data comes with the answer when anything has happened since. */
  fresh: ["page", "project", "since"],
  /** One's own answers, newest first; `skip` of them stand there already. */
  answers: ["project", "only", "skip"],
  /** Small pictures of tasks; the buffers are JPEG. */
  thumbs: ["project", "tasks"],
  /** All that is kept about oneself, as a file. */
  personal: [],
  invite: ["person", "name", "role", "team", "groups", "project", "where", "goal"],
  change: ["person", "name", "role", "team", "groups"],
  remove: ["person"],
  restore: ["person"],
  assign: ["project", "person", "group", "role", "where", "goal"],
  unassign: ["project", "person", "group"],
  prioritize: ["project", "where", "priority"],
  /** How many tasks are meant. */
  count: ["project", "where"],
  archive: ["project", "archived"],
  /** `items`: its tasks too. */
  clone: ["project", "name", "items"],
  /** What is needed to begin the same again elsewhere, as a file. */
  template: ["project"],
  /** A part of the front end, where a host has no model manager. */
  bundle: ["name"],
} as const;

export type AppActKind = keyof typeof APP_ACTS;

/** The kernel-owned trait `state`: nothing of the store, since nobody has said yet who is there. */
export interface AppState {
  title: string;
  /** A picture as `data:` URL, or "". */
  logo: string;
  /** Whether the page has to hand in a ticket. */
  ticket: boolean;
  kernel: string;
}

export interface Me {
  id: string;
  name: string;
  role: string;
  /** What they may do in all projects. */
  may: string[];
}

export interface Project {
  name: string;
  /** What is labeled, for people. */
  kind: string;
  fields: string[];
  total: number;
  done: number;
  open: number;
  skipped: number;
  overlap: number;
  people: number;
  last_at: string | null;
  archived: boolean;
  may: string[];
  role: string;
  mine: number;
  goal: number | null;
}

export interface Work {
  id: string;
  name: string;
  team: string;
  active: boolean;
  people: number;
  answered: number;
  rejected: number;
  skipped: number;
  withdrawn: number;
  today: number;
  seconds: number;
  median_seconds: number | null;
  per_hour: number | null;
  last_at: string | null;
  leases: number;
  goal: number | null;
  share: number | null;
}

export interface MyAnswer {
  id: string;
  task: number;
  /** What the item is known by. */
  item: string;
  /** The answer in words; the reason of a skip. */
  says: string;
  status: "submitted" | "skipped" | "rejected";
  unsure: boolean;
  flagged: boolean;
  comments: number;
  seconds: number | null;
  at: string;
  stale: boolean;
}

export interface MyComment {
  task: number;
  item: string;
  author: string;
  text: string;
  at: string;
}

export type Only = "all" | "flagged" | "commented" | "unsure" | "skipped";

export interface WorkData {
  project: Project;
  mine: Work;
  comments: MyComment[];
  answers: MyAnswer[];
  more: boolean;
  /** Whether items are pictures. */
  image: boolean;
  revision: number;
}

export type Where = { [column: string]: Json };

export interface Assignment {
  project: string;
  subject: string;
  group: boolean;
  role: string;
  where: Where | null;
  goal: number | null;
}

export interface Person {
  id: string;
  name: string;
  role: string;
  team: string;
  groups: string[];
  active: boolean;
  state: "active" | "invited" | "new" | "left";
  last_at: string | null;
  projects: Assignment[];
  above: boolean;
}

export interface Invitation {
  person: Person;
  word: string;
  until: string;
  path: string;
}

export interface LabelCount {
  title: string;
  color: string;
  /** Among the labels of its field: together with the colour it makes the swatch. */
  place: number;
  n: number;
}

export interface FieldCounts {
  field: string;
  title: string;
  labels?: LabelCount[];
  /** Of fields without labels: how many are filled in, or least, median and most. */
  facts?: LabelCount[];
}

/** A column that tasks can be told by, with values as examples. */
export interface ColumnInfo {
  name: string;
  kind: "text" | "number" | "bool";
  values: string[];
}

export interface ManageData {
  project: Project;
  progress: { total: number; done: number; open: number; leased: number; people: number; skipped: number };
  team: Work[];
  /** The same by team: internal, external, others. */
  teams: Work[];
  /** The same of all together: none while nobody has done anything. */
  total: Work[];
  labels: FieldCounts[];
  /** Null to those who may read and not manage. */
  people: Person[] | null;
  assignments?: Assignment[];
  columns?: ColumnInfo[];
  /** Roles that this person may give in this project. */
  roles?: string[];
  /** Roles that this person may give in all projects. */
  roles_everywhere?: string[];
  revision: number;
}

export interface AboutData {
  version: string;
  answers: number;
  projects: number;
}
