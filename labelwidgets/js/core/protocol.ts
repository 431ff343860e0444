/**
 * The wire: what travels between the page and the kernel. Twin of `MESSAGES` in widget.py; a test holds
 * the two together. State travels by kernel-owned traits, acts by custom messages with an id and an answer.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Acts of the page, each with the fields it carries besides `kind` and `id`. */
export const ACTS = {
  /** The page is there: asks for the queue. `page` is a random id of this page load. */
  hello: ["page"],
  /** An answer. `id` is made in the page and makes it idempotent. */
  submit: ["task", "round", "values", "times", "confidence", "prediction", "schema"],
  /** "I can't do this one": frees the slot for others. */
  skip: ["task", "round", "reason", "times"],
  /** Takes back an answer or a skip, by its id. */
  undo: ["answer"],
  /** Asks for a task that was answered before, with its answer. */
  goto: ["task"],
  /** Unsubmitted work; `values: null` forgets it. */
  draft: ["task", "values"],
  /** More of an item: `what` is "full" or "tile" (then level, column, row). */
  media: ["task", "what", "level", "column", "row"],
  /** Sign of life; renews the leases of the tasks held by the page. */
  beat: ["tasks"],
  /** The page goes away: releases what it holds. */
  leave: ["tasks"],
  comment: ["task", "text", "region"],
  flag: ["task", "flagged"],
  /** Grid mode: the next `n` items at once. */
  tiles: ["n"],
  /** A part of the front end, where a host has no model manager; the buffers are its source and its style. */
  bundle: ["name"],
} as const;

export type ActKind = keyof typeof ACTS;

/** What the kernel sends without having been asked (`push`), and its two kinds of answer. */
export const REPLIES = {
  ack: ["id"],
  refuse: ["id", "code", "reason"],
  push: ["tasks", "left"],
} as const;

export interface Times {
  /** ISO 8601 UTC of the page's clock. */
  shown_at: string;
  first_act_at: string | null;
  submitted_at: string;
  /** Seconds spent, idle time (no input for 30 s, or page hidden) removed. */
  seconds: number;
}

export interface Act {
  kind: ActKind;
  id: string;
  [field: string]: Json | Times | undefined;
}

export interface Ack {
  kind: "ack";
  id: string;
  [field: string]: Json;
}

/** `code`: "label" (value against schema), "rights", "gone" (task or lease), "size", "message", "store", "media". */
export interface Refuse {
  kind: "refuse";
  id: string;
  code: string;
  reason: string;
  field?: string;
}

export interface Push {
  kind: "push";
  tasks: TaskPush[];
  /** Open tasks left for this person beyond those pushed; 0 with an empty queue = finished. */
  left: number;
}

export type Reply = Ack | Refuse | Push;

export interface MediaPush {
  kind: "image" | "text" | "row";
  /** MIME type of the buffer; images are what a browser decodes. */
  type?: string;
  /** Size of the whole item in pixels, EXIF orientation applied. */
  width?: number;
  height?: number;
  /** Which of the message's buffers holds it; absent when `url` or `broken` stands. */
  buffer?: number;
  /** The buffer is a reduced picture; the rest comes as tiles of `tile` px, `levels` halvings. */
  tiled?: { tile: number; levels: number };
  /** Loaded by the browser itself (host allowed by the session). */
  url?: string;
  /** Why the item can't be shown; it can only be skipped. */
  broken?: string;
  /** The item's name for people (file name), plain text. */
  name?: string;
}

export interface TaskPush {
  id: number;
  key: string;
  round: number;
  data: { [column: string]: Json };
  media: MediaPush;
  /** The person's current answer, when the task is opened again. */
  answer: { id: string; values: Values; status: string; confidence: string | null } | null;
  draft: Values | null;
  predictions: { model: string; version: string; score: number | null; values: Values }[];
  comments: { id: string; author: string; text: string; at: string; region: string | null }[];
  flagged: boolean;
  /** The task's item or the schema changed since `answer`. */
  stale: boolean;
}

/** One value per field, in the schema's JSON form (see `SchemaJson`). */
export type Values = { [field: string]: Json };

/** A region as it travels; geometry in pixels of the upright image. */
export interface RegionJson {
  id: string;
  label: string | null;
  score: number | null;
  attributes: { [name: string]: Json };
  [geometry: string]: Json;
}

export interface BoxJson extends RegionJson {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Degrees clockwise about the centre. */
  angle: number;
}

export interface LabelJson {
  /** Unique in its field: the name; in a taxonomy, where a name may stand under several parents, the path. */
  id: string;
  name: string;
  /** Never empty: the name where there is none. */
  title: string;
  color: string;
  hotkey: string | null;
  description: string;
  aliases: string[];
  /** Parent's id in a taxonomy, null at the root. */
  parent: string | null;
}

interface FieldBase {
  name: string;
  /** Never empty: the name where there is none. */
  title: string;
  help: string;
  required: boolean;
}
export interface ChoiceJson extends FieldBase {
  kind: "choice";
  multiple: boolean;
  options: LabelJson[];
}
export interface TaxonomyJson extends FieldBase {
  kind: "taxonomy";
  multiple: boolean;
  /** An inner node may be the answer. */
  partial: boolean;
  nodes: LabelJson[];
}
export interface RatingJson extends FieldBase {
  kind: "rating";
  max: number;
}
export interface NumberJson extends FieldBase {
  kind: "number";
  min: number | null;
  max: number | null;
  step: number | null;
  unit: string;
}
export interface TextJson extends FieldBase {
  kind: "text";
  multiline: boolean;
  max_length: number;
}
export interface BoxesJson extends FieldBase {
  kind: "boxes";
  labels: LabelJson[];
  attributes: ItemFieldJson[];
  rotatable: boolean;
  min_count: number;
  max_count: number | null;
  /** Smallest side in pixels. */
  min_size: number;
}
export type ItemFieldJson = ChoiceJson | TaxonomyJson | RatingJson | NumberJson | TextJson;
export type FieldJson = ItemFieldJson | BoxesJson;

export interface SchemaJson {
  fields: FieldJson[];
  version: number;
}

/** An example in the instructions: an item with its right answer, shown read-only by the same widget. */
export interface ExampleJson {
  caption: string;
  task: TaskPush;
}

/** The kernel-owned trait `state`. */
export interface State {
  /** Random UUID of the store: key of the outbox, with `session` and `user.id`. */
  store: string;
  session: string;
  title: string;
  user: { id: string; name: string };
  /** Random id of the kernel-side widget: changes when a kernel was restarted. */
  kernel: string;
  mode: "label" | "view" | "grid";
  schema: SchemaJson;
  instructions: { html: string; minutes: number; warning: string; version: number; examples: ExampleJson[] };
  progress: { total: number; done: number; skipped: number; mine: number; per_hour: number };
  /** Options for which a front end may be told from another, such as remapped keys. */
  options: {
    keys: { [command: string]: string };
    lookahead: number;
    lease_seconds: number;
    confidence: boolean;
    skip_reasons: string[];
    /** Columns of the task's data shown beside the item. */
    columns: string[];
  };
  read_only: string;
}
