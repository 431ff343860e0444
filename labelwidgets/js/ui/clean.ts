/** HTML of instructions to Preact nodes, by an allow-list: nothing else of it reaches the page. */

import type { ComponentChild } from "preact";
import { jsx } from "preact/jsx-runtime";

const TAGS = new Set(
  `a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img
  kbd li mark ol p pre s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var`.split(
    /\s+/,
  ),
);
/** Elements whose text is no text for people either. */
const SILENT = new Set(
  "script style template noscript iframe object embed svg math title textarea select".split(" "),
);
const LINK = /^(https?:|mailto:)/i;
const PICTURE = /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i;
const NUMBER = /^\d{1,5}$/;

function attributes(element: Element, tag: string): Record<string, string> {
  const kept: Record<string, string> = {};
  const keep = (name: string, pattern: RegExp) => {
    const value = element.getAttribute(name)?.trim();
    if (value && pattern.test(value)) kept[name] = value;
  };
  if (tag === "a") {
    keep("href", LINK);
    Object.assign(kept, { target: "_blank", rel: "noopener noreferrer" });
  } else if (tag === "img") {
    keep("src", PICTURE);
    keep("width", NUMBER);
    keep("height", NUMBER);
    kept.alt = element.getAttribute("alt") ?? "";
  } else if (tag === "td" || tag === "th") {
    keep("colspan", NUMBER);
    keep("rowspan", NUMBER);
  } else if (tag === "ol") keep("start", NUMBER);
  return kept;
}

function clean(node: Node): ComponentChild {
  if (node.nodeType === 3) return node.textContent;
  if (node.nodeType !== 1) return null;
  const element = node as Element;
  const tag = element.localName;
  if (SILENT.has(tag)) return null;
  const inside = Array.from(element.childNodes, clean);
  if (!TAGS.has(tag)) return inside;
  return jsx(tag, { ...attributes(element, tag), children: inside });
}

/**
 * The nodes of `html` that are words, tables, links and inlined pictures. The kernel has sanitised it already;
 * this is the second lock. No `innerHTML` is written: text stays text.
 */
export function prose(html: string): ComponentChild[] {
  const page = new DOMParser().parseFromString(html, "text/html");
  return Array.from(page.body.childNodes, clean);
}
