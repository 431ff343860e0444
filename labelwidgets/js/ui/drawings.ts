/** Icons of what comes after the first paint: path data as in icons.tsx, taken along by the parts that show them. */

export const COMMENT = "M2 3h12v8H8l-3 3v-3H2V3Z";
export const DONE = "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5 8.3 7.2 10.5 11 6";
export const DOWN = "M8 3v10m-4-4 4 4 4-4";
export const EMPTY = "M2 9v4h12V9l-2-6H4L2 9Zm0 0h3.5l1 2h3l1-2H14";
export const FIND = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8L14 14";
export const GRIP = "M6 3.5h.1M6 8h.1M6 12.5h.1M10 3.5h.1M10 8h.1m-.1 4.5h.1";
export const NEXT = "M6 3l5 5-5 5";
export const TRASH = "M2.5 4h11M6 4V2h4v2M4 4l.7 10h6.6L12 4M6.7 7v4m2.6-4v4";
export const UP = "M8 13V3M4 7l4-4 4 4";
