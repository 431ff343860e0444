/** Builds one self-contained ES module per widget into labelwidgets/static and holds each to its budget. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const ROOT = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(ROOT, "labelwidgets/js/widgets");
const STATIC = join(ROOT, "labelwidgets/static");

/** Entry and budget in bytes of minified JavaScript, CSS left out: it travels inside, but is counted apart. */
const ENTRIES = [
  { name: "shim", file: "shim.ts", budget: 3_000 },
  { name: "image", file: "image.tsx", budget: 90_000 },
  { name: "choice", file: "choice.tsx", budget: 45_000 },
  { name: "sheet", file: "sheet.ts", budget: 8_000 },
];

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  // One file each: a chunk beside it can't be found from the blob URL a bundle is loaded from.
  splitting: false,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".css": "text" },
  minify: true,
  legalComments: "none",
  charset: "utf8",
  write: false,
  metafile: true,
  logLevel: "warning",
};

const minifyCss = {
  name: "css as minified text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

function options(entry) {
  return {
    ...SHARED,
    entryPoints: [join(SOURCE, entry.file)],
    outfile: join(STATIC, `${entry.name}.js`),
    plugins: [minifyCss],
  };
}

/** Written beside and renamed, so that a kernel never reads half a bundle. */
function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.part`;
  try {
    writeFileSync(partial, contents);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

function bytesOfCss(output) {
  const inputs = Object.entries(output.inputs);
  return inputs
    .filter(([path]) => path.endsWith(".css"))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

/** Writes what was built, prints its size and returns whether it keeps its budget. */
function settle(entry, result) {
  const file = result.outputFiles[0];
  const [output] = Object.values(result.metafile.outputs);
  const css = bytesOfCss(output);
  const js = file.contents.byteLength - css;
  write(file.path, file.contents);
  const fits = js <= entry.budget;
  const size = (bytes) => (bytes / 1000).toFixed(1).padStart(6);
  console.log(
    `${entry.name.padEnd(8)}${size(js)} KB of ${size(entry.budget)} KB${css ? ` + ${size(css)} KB CSS` : ""}${fits ? "" : "  over budget"}`,
  );
  return fits;
}

async function build(entries) {
  const fits = [];
  for (const entry of entries) fits.push(settle(entry, await esbuild.build(options(entry))));
  if (fits.includes(false)) {
    console.error(
      "A bundle is over its budget: see what `import` brought in, or move rare tools to a second bundle.",
    );
    process.exitCode = 1;
  }
}

async function watch(entries) {
  for (const entry of entries) {
    const report = {
      name: "report",
      setup: (b) => b.onEnd((result) => void (result.errors.length || settle(entry, result))),
    };
    const context = await esbuild.context({ ...options(entry), plugins: [minifyCss, report] });
    await context.watch();
  }
}

/** Prints the table of keys for the docs, from the same source that handles them. */
async function keymap() {
  const bundle = await esbuild.build({
    ...SHARED,
    minify: false,
    stdin: {
      contents: 'import { markdown } from "./labelwidgets/js/core/keymap.ts"; console.log(markdown());',
      resolveDir: ROOT,
    },
  });
  await import(
    `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString("base64")}`
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const present = ENTRIES.filter(({ file }) => existsSync(join(SOURCE, file)));
  const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));
  const chosen = present.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  if (process.argv.includes("--keymap")) await keymap();
  else if (process.argv.includes("--watch")) await watch(chosen);
  else await build(chosen);
}
