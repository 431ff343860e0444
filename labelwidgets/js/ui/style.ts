/** Colours of data into styles. */

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** `color` as the custom property `--lw-color`; whatever is no hex colour is left out. */
export function colored(color: string | undefined): Record<string, string> {
  return color && HEX.test(color) ? { "--lw-color": color } : {};
}
