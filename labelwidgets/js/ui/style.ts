/** The style sheet's way into the page, and colours of data into styles. */

import css from "./theme.css";

/** A short digest: two versions of the package in one page bring two sheets, twenty widgets one. */
function digest(text: string): string {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = ((hash * 33) ^ text.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}

/** Puts the sheet into the document's head, once per content. */
export function insertStyle(page: Document = document): void {
  const id = `lw-style-${digest(css)}`;
  if (page.getElementById(id)) return;
  const sheet = page.createElement("style");
  sheet.id = id;
  sheet.textContent = css;
  page.head.append(sheet);
}

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** `color` as the custom property `--lw-color`; whatever is no hex colour is left out. */
export function colored(color: string | undefined): Record<string, string> {
  return color && HEX.test(color) ? { "--lw-color": color } : {};
}
