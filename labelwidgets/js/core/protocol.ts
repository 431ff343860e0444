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
  /** The page goes away: what it holds is free after a minute, unless another page of the person beats for it. */
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

/**
 * `code`: "label" (value against schema), "rights", "ended" (this person may do nothing here any more), "gone" (task or
 * lease), "size", "message", "store", "media", "failed".
 */
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
  kind: "image" | "text" | "dialogue" | "row";
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
  /** Of a dialogue: the text that offsets count in, the turns' own texts joined by line feeds. */
  text?: string;
  /** Of a dialogue: who says what; `start` and `end` are code points of `text`. */
  turns?: TurnJson[];
  /** Edges of the given tokens, in code points, by the column that gives them (`SpansJson.tokens`). */
  tokens?: { [column: string]: [number, number][] };
}

/** One turn of a dialogue; `speaker` is "" when nobody says who speaks. */
export interface TurnJson {
  speaker: string;
  start: number;
  end: number;
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

/**
 * A stretch of a text. Offsets are Unicode code points of the text exactly as given (no UTF-16 units, nothing
 * normalised), half open.
 */
export interface SpanJson extends RegionJson {
  start: number;
  end: number;
  /** Exactly the code points start..end of the text; "" lets the kernel fill it, anything else is checked. */
  text: string;
  /** [] of one stretch; else two or more [start, end), in order, none touching the next; start and end are their hull. */
  parts: [number, number][];
  /** Id (name) of a knowledge entry, see `SpansJson.entries`. */
  link: string | null;
}

/** Something said of one turn of a dialogue. */
export interface TurnLabelJson extends RegionJson {
  /** Its place in `MediaPush.turns`. */
  turn: number;
}

/** What holds between regions of another field. */
export interface RelationJson extends RegionJson {
  /** Ids of regions of the field `between`, each once: [source, target], of a chain two or more. */
  members: string[];
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
  /** Column of the task's data whose text the answer starts from. */
  begin: string | null;
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
/** Stretches of the item's text. */
export interface SpansJson extends FieldBase {
  kind: "spans";
  labels: LabelJson[];
  attributes: ItemFieldJson[];
  /**
   * Where spans may begin and end: anywhere; not inside a word; at edges of the given tokens; at edges of a dialogue's
   * turns.
   */
  granularity: "character" | "word" | "token" | "turn";
  /** Whether all characters of one span may lie in another (equal ones too). */
  nested: boolean;
  /** Whether two spans may share some characters, each having others of its own. */
  overlapping: boolean;
  /** Whether spans may have parts. */
  discontinuous: boolean;
  /** Column that gives the tokens of granularity "token"; their edges come as `MediaPush.tokens`. */
  tokens: string | null;
  /** Whether each of the given tokens needs a span. */
  every: boolean;
  /** The knowledge that spans link to, found by typing; its `id` is what `SpanJson.link` holds. [] = no links. */
  entries: LabelJson[];
  /**
   * Whether "there is no answer" is one: then [] says so, null says that nothing was said yet (the value of an untouched
   * task), and `min_count` speaks of lists that are not empty.
   */
  unanswerable: boolean;
  /** Signs that a keyboard lacks, offered wherever text is typed beside the spans. */
  palette: string[];
  min_count: number;
  max_count: number | null;
}
/** What is said of each turn of a dialogue. */
export interface TurnsJson extends FieldBase {
  kind: "turns";
  labels: LabelJson[];
  attributes: ItemFieldJson[];
  /** Whether a turn may have several labels. */
  multiple: boolean;
  /** Whose turns are asked about; [] = everybody's. */
  speakers: string[];
  /** Whether each turn that is asked about needs a label. */
  every: boolean;
  min_count: number;
  max_count: number | null;
}
/** A kind of relation. */
export interface RelationTypeJson extends LabelJson {
  /** Whether source and target are told apart. */
  directed: boolean;
  /** Whether it joins two or more members (coreference) instead of two. */
  chain: boolean;
  /** [label of the source, label of the target] that it may join; undirected both ways; [] = any. */
  pairs: [string, string][];
}
/** Relations between regions of another field. */
export interface RelationsJson extends FieldBase {
  kind: "relations";
  /** Name of the region field whose regions are joined. */
  between: string;
  labels: RelationTypeJson[];
  attributes: ItemFieldJson[];
  min_count: number;
  max_count: number | null;
}
/** An order, best first: the value is a list of ids. */
export interface RankingJson extends FieldBase {
  kind: "ranking";
  /** What is ranked; [] when `column` gives it. */
  options: LabelJson[];
  /**
   * Column of the task's data that holds a list of texts, or of {id, text}: what is ranked. A text without an id has its
   * place in the list as id: "0", "1", ...
   */
  column: string | null;
  /** How many are ranked; null = all. */
  top: number | null;
}
/** Which of two: the value is the id of an option. */
export interface PairwiseJson extends FieldBase {
  kind: "pairwise";
  /** The first two are the sides in order; the others say neither ("tie", "bad"). */
  options: LabelJson[];
  /** Columns of the task's data that hold the two sides. */
  columns: [string, string] | null;
  /** The two sides themselves, when they are the same for every task. */
  texts: [string, string] | null;
}
export type ItemFieldJson =
  | ChoiceJson
  | TaxonomyJson
  | RatingJson
  | NumberJson
  | TextJson
  | RankingJson
  | PairwiseJson;
export type RegionFieldJson = BoxesJson | SpansJson | TurnsJson | RelationsJson;
export type FieldJson = ItemFieldJson | RegionFieldJson;

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
  progress: {
    total: number;
    done: number;
    /** Where this person is on the way: items done, or their own answers where several people answer each item. */
    place: number;
    skipped: number;
    mine: number;
    per_hour: number;
  };
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
