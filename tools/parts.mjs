/**
 * Builds modules that share others: what is shared is bundled once, as the frame, and the parts upon it import
 * it as from `"lw:frame"`, which the page's shim replaces by the URL it has given the frame. In the sources all
 * of these are plain imports.
 */
import { relative } from "node:path";
import * as esbuild from "esbuild";

export const SHARED = {
  bundle: true,
  // One file each: a chunk beside it can't be found from the blob URL a part is loaded from.
  splitting: false,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "none",
  charset: "utf8",
  write: false,
  metafile: true,
  logLevel: "warning",
};

/** An exported name of a shared module until it gets a short one: no source has such names. */
const LONG = /\$lw\d+_\w+/g;

const longName = (module, name) => `$lw${module}_${name}`;

/** Modules that `roots` bring along, by path: their number and the names that they export. */
async function sharedModules(root, roots) {
  const options = { ...SHARED, absWorkingDir: root, minify: false };
  const closure = await esbuild.build({
    ...options,
    stdin: { contents: roots.map((path) => `import "./${path}";`).join("\n"), resolveDir: root },
  });
  const paths = Object.keys(closure.metafile.inputs).filter((path) => path !== "<stdin>");
  const { metafile } = await esbuild.build({
    ...options,
    bundle: false,
    entryPoints: paths,
    outdir: "exports",
    outbase: root,
  });
  const names = new Map(Object.values(metafile.outputs).map((output) => [output.entryPoint, output.exports]));
  return new Map(paths.map((path, number) => [path, { number, names: names.get(path) ?? [] }]));
}

/**
 * Instead of a shared module, one that takes from the frame what is used of it; the entry of the part `below` is
 * imported from that part.
 */
function uponFrame(root, frame, shared, below) {
  // A module for each name, since esbuild leaves unused modules out, but no unused names.
  const one = { namespace: "shared name", sideEffects: false };
  return {
    name: "upon the frame",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^lw:${frame}$`) }, ({ path }) => ({ path, external: true }));
      build.onResolve({ filter: /^/, namespace: "shared" }, ({ path }) => ({ ...one, path }));
      build.onResolve({ filter: /^[.a-z]/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData === "plain" || from.kind === "entry-point") return null;
        const found = await build.resolve(path, { ...from, pluginData: "plain" });
        const at = relative(root, found.path);
        if (at === below?.entry) return { path: `lw:${below.name}`, external: true };
        return shared.has(at) ? { path: at, namespace: "shared", sideEffects: false } : found;
      });
      build.onLoad({ filter: /^/, namespace: "shared" }, ({ path }) => {
        const { number, names } = shared.get(path);
        const lines = names.map((name) => `export { it as ${name} } from "${longName(number, name)}";`);
        return { contents: lines.join("\n") };
      });
      build.onLoad({ filter: /^/, namespace: one.namespace }, ({ path }) => ({
        contents: `export { ${path} as it } from "lw:${frame}";`,
      }));
    },
  };
}

/** a, b, ... z, aa, ab, ... */
function shortName(n) {
  const letter = String.fromCharCode(97 + (n % 26));
  return n < 26 ? letter : shortName(Math.floor(n / 26) - 1) + letter;
}

/** The frame itself: what `long` names, each under its short name. */
async function buildFrame(root, shared, short) {
  const exports = [...shared].flatMap(([path, { number, names }]) =>
    names
      .map((name) => [name, short.get(longName(number, name))])
      .filter(([, as]) => as)
      .map(([name, as]) => `export { ${name} as ${as} } from "./${path}";`),
  );
  const result = await esbuild.build({
    ...SHARED,
    absWorkingDir: root,
    stdin: { contents: exports.join("\n"), resolveDir: root },
  });
  return result.outputFiles[0].text;
}

/** One import of the frame instead of one for each shared module. */
function merged(js, frame) {
  const from = new RegExp(`import\\{([^}]*)\\}from"lw:${frame}";`, "g");
  const names = [...js.matchAll(from)].map(([, list]) => list);
  const rest = js.replaceAll(from, "");
  return names.length > 0 ? `import{${names.join()}}from"lw:${frame}";${rest}` : rest;
}

/** The frame and the parts upon it (and upon the part that they name as `below`), as `{name, js}` in the order in which they are to be loaded. */
export async function buildParts(root, { name: frame, roots }, upon) {
  const shared = await sharedModules(root, roots);
  const built = await Promise.all(
    upon.map(async ({ name, entry, below }) => {
      const under = upon.find((part) => part.name === below);
      const plugins = [uponFrame(root, frame, shared, under)];
      const result = await esbuild.build({ ...SHARED, absWorkingDir: root, entryPoints: [entry], plugins });
      return { name, js: result.outputFiles[0].text };
    }),
  );
  const long = [...new Set(built.flatMap(({ js }) => js.match(LONG) ?? []))].sort();
  const short = new Map(long.map((name, n) => [name, shortName(n)]));
  const parts = built.map(({ name, js }) => ({
    name,
    js: merged(js, frame).replace(LONG, (each) => short.get(each)),
  }));
  return [{ name: frame, js: await buildFrame(root, shared, short) }, ...parts];
}
