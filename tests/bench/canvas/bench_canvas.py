"""The image surface against a naive one-layer canvas: CPU of the browser's process tree per frame, in one run.

``python -m tests.bench.canvas.bench_canvas`` prints the table; nothing here fails by time.
"""

import base64
import io
import os
import shutil
import statistics
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = "http://bench.test/"
HTML = '<!doctype html><body style="margin:0"><div id="host" style="width:1280px"></div><script type="module" src="/page.js"></script>'
BUILD = """
const esbuild = require("esbuild");
const text = async (path) => (await esbuild.build({ entryPoints: [path], bundle: true, write: false })).outputFiles[0].text;
const css = { name: "css", setup(b) { b.onLoad({ filter: /\\.css$/ }, async ({ path }) => ({ contents: await text(path), loader: "text" })); } };
esbuild.build({ entryPoints: [process.argv[1]], bundle: true, minify: true, format: "esm", target: "es2022",
  jsx: "automatic", jsxImportSource: "preact", plugins: [css], write: false, logLevel: "warning" })
  .then((r) => process.stdout.write(r.outputFiles[0].text));
"""
MANY = 20_000
BIG = 10_000
FRAMES = 60


ENTRY = "tests/bench/canvas/page.ts"


def build(entry: str = ENTRY) -> str:
    """Return a bench page's script."""
    node = shutil.which("node") or str(ROOT / "tools/with-node")
    command = (
        [node, "-e", BUILD, entry]
        if node.endswith("node") and "tools" not in node
        else [node, "node", "-e", BUILD, entry]
    )
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def photo(width: int, height: int) -> Image.Image:
    """Return a picture with gradients and grain, so that it compresses and decodes like a photo."""
    rng = np.random.default_rng(0)
    x, y = np.linspace(0, 9, width, dtype=np.float32), np.linspace(0, 7, height, dtype=np.float32)[:, None]
    grain = np.tile(rng.normal(0, 9, (500, 500)).astype(np.float32), (-(-height // 500), -(-width // 500)))
    plane = 128 + 80 * np.sin(x) * np.cos(y) + grain[:height, :width]
    return Image.fromarray(plane.clip(0, 255).astype(np.uint8)).convert("RGB")


def jpeg(picture: Image.Image) -> bytes:
    """Return the picture as a JPEG file."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def processes(root: int) -> dict[int, tuple[str, int]]:
    """Return name and CPU ticks of `root` and everything below it, by process id."""
    found: dict[int, tuple[int, str, int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text()
        except OSError:  # it has ended
            continue
        name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
        found[int(entry.name)] = (int(rest[1]), name, int(rest[11]) + int(rest[12]))
    below = {root}
    while grown := {pid for pid, (parent, _, _) in found.items() if parent in below} - below:
        below |= grown
    return {pid: found[pid][1:] for pid in below if pid in found}


def browser_cpu() -> float:
    """Return the CPU milliseconds that this process's browser has used so far."""
    return sum(ticks for name, ticks in processes(os.getpid()).values() if "chrom" in name) * 1000 / TICKS


class Bench:
    """One browser with a bench page."""

    def __init__(self, page, entry: str = ENTRY) -> None:
        self.page = page
        script = build(entry)

        def serve(route) -> None:
            if route.request.url.endswith(".js"):
                route.fulfill(body=script, content_type="text/javascript")
            else:
                route.fulfill(body=HTML, content_type="text/html")

        page.route(PAGE + "**", serve)

    def open(self, pictures: dict[str, bytes]) -> None:
        """Load a fresh page with these pictures in it."""
        self.page.goto(PAGE)
        self.page.wait_for_function("() => window.bench !== undefined")
        for name, data in pictures.items():
            self.call("picture", name, base64.b64encode(data).decode())

    def call(self, name: str, *args):
        """Call a function of the page and return what it answers."""
        return self.page.evaluate("([name, args]) => window.bench[name](...args)", [name, list(args)])

    def cpu(self, frames: int, name: str, *args, runs: int = 3) -> float:
        """Return CPU ms per frame of a run of the page's function: the median of `runs`."""
        per_frame = []
        for _ in range(runs):
            self.call("rest", 400)
            before = browser_cpu()
            self.call(name, *args)
            per_frame.append((browser_cpu() - before) / frames)
        return statistics.median(per_frame)


def row(name: str, ours: float, baseline: float | None, unit: str, bar: float | None) -> dict:
    """Return one line of the table."""
    return {"name": name, "ours": ours, "baseline": baseline, "unit": unit, "bar": bar}


def gestures(bench: Bench, picture: bytes) -> list[dict]:
    """Measure what a person does with 20,000 boxes on a photo of 12 megapixels."""
    bench.open({"photo": picture})
    bench.call("mount", "photo", 4000, 3000, MANY, 0)
    bench.call("rest", 1500)
    bench.call("select")
    idle = bench.cpu(FRAMES, "idle", FRAMES)
    drag = bench.cpu(FRAMES, "drag", FRAMES)
    pan = bench.cpu(FRAMES, "pan", FRAMES)
    zoom = bench.cpu(FRAMES, "zoom", FRAMES)
    redraw = bench.cpu(10, "redraw", 10)
    bench.call("unmount")
    bench.call("naiveStart", "photo", MANY)
    plain = {what: bench.cpu(20, "naiveRun", what, 20) for what in ("drag", "pan", "zoom")}
    bench.call("unmount")
    return [
        row("20,000 boxes: an idle frame", idle, None, "CPU ms/frame", None),
        row("20,000 boxes: drag one", drag, plain["drag"], "CPU ms/frame", 8),
        row("20,000 boxes: pan, in the gesture", pan, plain["pan"], "CPU ms/frame", 10),
        row("20,000 boxes: zoom, in the gesture", zoom, plain["zoom"], "CPU ms/frame", 10),
        row("20,000 boxes: zoom step and redraw at rest", redraw, plain["zoom"], "CPU ms", 80),
    ]


def first_paint(bench: Bench, picture: bytes) -> list[dict]:
    """Measure how soon 20,000 boxes are there, and how fast one of them is found."""
    ours, plain = [], []
    for _ in range(3):
        bench.open({"photo": picture})
        ours.append(bench.call("first", "photo", 4000, 3000, MANY, 0))
        bench.call("unmount")
        plain.append(bench.call("naiveStart", "photo", MANY))
    hits = bench.call("hits", MANY, 2000)
    return [
        row("20,000 boxes: decoded to painted", middle(ours, "painted"), middle(plain, "painted"), "ms", 500),
        row("20,000 boxes: mounted to painted", middle(ours, "whole"), middle(plain, "whole"), "ms", None),
        row("20,000 boxes: hit test", hits["ours"], hits["baseline"], "µs", 50),
    ]


def middle(times: list[dict], which: str) -> float:
    """Return the median of one of several times."""
    return statistics.median(each[which] for each in times)


def big_picture(bench: Bench) -> list[dict]:
    """Measure a JPEG of 10,000 x 10,000 px: a preview and tiles, against decoding the file in the page."""
    whole = photo(BIG, BIG)
    preview = jpeg(whole.reduce(5))
    tile = jpeg(whole.crop((0, 0, 512, 512)))
    ours = []
    for _ in range(3):
        bench.open({"preview": preview, "tile": tile})
        ours.append(bench.call("first", "preview", BIG, BIG, 0, 5))
    bench.call("zoom", 20)
    bench.call("rest", 500)
    pan = bench.cpu(FRAMES, "pan", FRAMES)
    bench.open({"whole": jpeg(whole)})
    plain = bench.call("naiveStart", "whole", 0)["whole"]
    plain_pan = bench.cpu(20, "naiveRun", "pan", 20)
    return [
        row("10,000 x 10,000 px: first view", middle(ours, "whole"), plain, "ms", 1000),
        row("10,000 x 10,000 px: pan over tiles", pan, plain_pan, "CPU ms/frame", 10),
    ]


def rows() -> list[dict]:
    """Run everything; each row holds name, ours, baseline, unit and bar."""
    installed = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    picture = jpeg(photo(4000, 3000))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: print("page:", error))
        bench = Bench(page)
        found = [*gestures(bench, picture), *first_paint(bench, picture), *big_picture(bench)]
        browser.close()
    return found


def main() -> None:
    """Print the table."""
    print(f"{'image surface':<46}{'ours':>9}{'naive':>9}{'bar':>7}  unit")
    for each in rows():
        baseline = "" if each["baseline"] is None else f"{each['baseline']:.1f}"
        bar = "" if each["bar"] is None else f"{each['bar']:g}"
        print(f"{each['name']:<46}{each['ours']:>9.1f}{baseline:>9}{bar:>7}  {each['unit']}")


if __name__ == "__main__":
    main()
