/** One set of icons: 16 px, stroke 1.5, drawn in the colour of the text around them. */

/** What every frame shows: path data on a 16 x 16 field, by what the icon says. */
const PATHS = {
  accept: "M3 8.5 6.5 12 13 4.5",
  back: "M13 8H3m4-4L3 8l4 4",
  bad: "M8 2 15 14H1L8 2Zm0 4.5V10m0 2v.1",
  book: "M8 4C6.5 2.8 4 2.5 2 2.5v10c2 0 4.5.3 6 1.5 1.5-1.2 4-1.5 6-1.5v-10c-2 0-4.5.300-6 1.5Zm0 0v10",
  close: "M4 4l8 8m0-8-8 8",
  flag: "M3 14.5V2h9.5l-2 3.5 2 3.5H3",
  full: "M9.5 2H14v4.5M14 2 9.5 6.5M6.5 14H2V9.5M2 14l4.5-4.5",
  help: "M5.5 5.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.8m0 2.5v.1",
  memory: "M4.5 4.5h7v7h-7v-7ZM6.5 2v2.5m3-2.5v2.5m-3 7V14m3-2.5V14M2 6.5h2.5M2 9.5h2.5m7-3H14m-2.5 3H14",
  menu: "M3.5 8h.1m4.4 0h.1m4.4 0h.1",
  offline:
    "M1.5 1.5l13 13M5 12.5a3 3 0 0 1-.7-5.9M7 3.7a4 4 0 0 1 4.8 3.3A2.8 2.8 0 0 1 13.8 10.5M5 12.5h6.5",
  pause: "M5.5 3v10m5-10v10",
  redo: "M13 6.5H6a3.5 3.5 0 0 0 0 7h3M10 3.5l3 3-3 3",
  reload: "M13.5 8a5.5 5.5 0 1 1-1.6-3.9L13.5 5.5M13.5 2v3.5H10",
  saved: "M5 13a3.5 3.5 0 0 1-.5-6.95 4 4 0 0 1 7.7 1A3 3 0 0 1 11.5 13H5Zm1-4 1.5 1.5L10.5 7.5",
  saving: "M8 1.5V4m0 8v2.5M1.5 8H4m8 0h2.5M3.4 3.4l1.8 1.8m5.6 5.6 1.8 1.8m0-9.2-1.8 1.8M5.2 10.8l-1.8 1.8",
  skip: "M3 3l6 5-6 5V3Zm9 0v10",
  spark: "M7 2l1.4 3.6L12 7 8.4 8.4 7 12 5.6 8.4 2 7l3.6-1.4L7 2Zm5.5 8v4m-2-2h4",
  star: "M8 1.8l1.9 4 4.3.6-3.1 3 .8 4.3L8 11.6l-3.9 2.1.8-4.3-3.1-3 4.3-.6L8 1.8Z",
  undo: "M3 6.5h7a3.5 3.5 0 0 1 0 7H7M6 3.5l-3 3 3 3",
  user: "M8 2.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5ZM2.5 14c0-2.5 2.5-4 5.5-4s5.5 1.5 5.5 4",
  warn: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 4.5v4.5m0 2.3v.1",
} as const;

type Named = keyof typeof PATHS;

/** One of the set, or the path data of one that only some widgets show. */
export type IconName = Named | `M${string}`;

/** The icon of a name; decoration only, the words stand beside it or in the control's label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="lw-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name as Named] ?? name} />
    </svg>
  );
}
