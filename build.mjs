/** Builds the front end into labelwidgets/static, part by part, and holds each part to its budget. */
import { mkdirSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { buildParts, SHARED } from "./tools/parts.mjs";

const ROOT = dirname(fileURLToPath(import.meta.url));
const SOURCE = "labelwidgets/js";
const STATIC = join(ROOT, "labelwidgets/static");

/** Need nothing else; `style` is a sheet of their own. */
const ALONE = [
  { name: "sheet", entry: `${SOURCE}/widgets/sheet.ts`, style: `${SOURCE}/widgets/sheet.css` },
  { name: "shim", entry: `${SOURCE}/widgets/shim.ts` },
];

/** What the parts below share: these modules and all that they import. */
const FRAME = {
  name: "frame",
  roots: [`${SOURCE}/ui/mount.ts`],
  style: `${SOURCE}/ui/theme/frame.css`,
};

/** Built upon the frame, one also upon the part `below`. */
const UPON = [
  { name: "image", entry: `${SOURCE}/widgets/image.ts` },
  { name: "choice", entry: `${SOURCE}/widgets/choice.ts` },
  { name: "text", entry: `${SOURCE}/widgets/text.ts` },
  { name: "relations", entry: `${SOURCE}/widgets/relations.ts`, below: "text" },
  { name: "tokens", entry: `${SOURCE}/widgets/tokens.ts` },
  { name: "dialogue", entry: `${SOURCE}/widgets/dialogue.ts` },
  { name: "grid", entry: `${SOURCE}/widgets/grid.ts` },
  { name: "more", entry: `${SOURCE}/ui/more.ts` },
  { name: "app", entry: `${SOURCE}/widgets/app.ts`, style: `${SOURCE}/ui/theme/app.css` },
  { name: "manage", entry: `${SOURCE}/app/manage.tsx` },
];

/** Most bytes of minified JavaScript; a style sheet stands in its own file and is told apart. */
const BUDGETS = {
  app: 40_000,
  manage: 40_000,
  frame: 88_000,
  shim: 3_000,
  choice: 45_000,
  image: 90_000,
  text: 60_000,
  relations: 8_000,
  tokens: 60_000,
  sheet: 8_000,
};
const BUDGET = 90_000;

/** What a page evaluates before a widget's first paint, and the most bytes that it may come to. */
const WIDGETS = {
  app: { parts: ["frame", "app"], most: 128_000 },
  choice: { parts: ["frame", "choice"], most: 93_000 },
  dialogue: { parts: ["frame", "dialogue"], most: 126_000 },
  grid: { parts: ["frame", "grid"], most: 106_000 },
  image: { parts: ["frame", "image"], most: 147_000 },
  relations: { parts: ["frame", "text", "relations"], most: 154_000 },
  text: { parts: ["frame", "text"], most: 148_000 },
  tokens: { parts: ["frame", "tokens"], most: 136_000 },
};

async function buildAlone({ name, entry }) {
  const result = await esbuild.build({ ...SHARED, absWorkingDir: ROOT, entryPoints: [entry] });
  return { name, js: result.outputFiles[0].text };
}

async function styleOf({ name, style }) {
  if (!style) return null;
  const result = await esbuild.build({ ...SHARED, absWorkingDir: ROOT, entryPoints: [style] });
  return { name, css: result.outputFiles[0].text };
}

/** Written beside and renamed, so that a kernel never reads half a file. */
function write(name, contents) {
  const path = join(STATIC, name);
  const partial = `${path}.${process.pid}.part`;
  mkdirSync(STATIC, { recursive: true });
  try {
    writeFileSync(partial, contents);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(6)} KB`;

/** Prints a size; false when it is over its budget. */
function fits(what, size, most) {
  const over = size > most;
  console.log(`${what.padEnd(26)}${kilobytes(size)} of${kilobytes(most)}${over ? "  over budget" : ""}`);
  return !over;
}

/** Prints all sizes; false when one is over its budget. */
function report(parts, styles) {
  const sizes = new Map(parts.map(({ name, js }) => [name, Buffer.byteLength(js)]));
  const files = [...sizes].map(([name, size]) => fits(`${name}.js`, size, BUDGETS[name] ?? BUDGET));
  const widgets = Object.entries(WIDGETS).map(([widget, { parts: names, most }]) => {
    const total = names.reduce((sum, name) => sum + sizes.get(name), 0);
    return fits(`${widget} at first: ${names.join(" + ")}`, total, most);
  });
  for (const { name, css } of styles)
    console.log(`${`${name}.css`.padEnd(26)}${kilobytes(Buffer.byteLength(css))}`);
  return [...files, ...widgets].every(Boolean);
}

async function build() {
  const parts = [
    ...(await buildParts(ROOT, FRAME, UPON)),
    // The shim last: make takes it as the sign that all is there.
    ...(await Promise.all(ALONE.map(buildAlone))),
  ];
  const styles = (await Promise.all([FRAME, ...UPON, ...ALONE].map(styleOf))).filter(
    (style) => style !== null,
  );
  for (const { name, css } of styles) write(`${name}.css`, css);
  for (const { name, js } of parts) write(`${name}.js`, js);
  if (report(parts, styles)) return;
  console.error(
    "A part is over its budget: see what `import` brought in, or move seldom tools to ui/more.ts.",
  );
  process.exitCode = 1;
}

/** Builds anew a moment after the last change. */
function watchSources() {
  let timer;
  watch(join(ROOT, SOURCE), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
  });
}

/** Prints the table of keys for the docs, from the same source that handles them. */
async function keymap() {
  const bundle = await esbuild.build({
    ...SHARED,
    absWorkingDir: ROOT,
    minify: false,
    stdin: {
      contents: `import { markdown } from "./${SOURCE}/ui/titles.ts"; console.log(markdown());`,
      resolveDir: ROOT,
    },
  });
  const source = Buffer.from(bundle.outputFiles[0].contents).toString("base64");
  await import(`data:text/javascript;base64,${source}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes("--keymap")) await keymap();
  else await build();
  if (process.argv.includes("--watch")) watchSources();
}
