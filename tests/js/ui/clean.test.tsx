// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { prose } from "../../../labelwidgets/js/ui/clean.ts";
import { one, show } from "./page.tsx";

const drawn = (html: string) => show(<div>{prose(html)}</div>);

describe("instructions keep what explains", () => {
  it("text, lists, tables, links, inlined pictures", () => {
    const picture = "data:image/png;base64,iVBORw0KGgo=";
    const host = drawn(
      `<h2>Boxes</h2><p>A <b>tight</b> box.</p><ol start="3"><li>one</li></ol><table><tr><td colspan="2">x</td></tr></table>` +
        `<a href="https://example.org/a?b=c">more</a><img src="${picture}" alt="an example" width="40">`,
    );
    expect(one(host, "h2").textContent).toBe("Boxes");
    expect(one(host, "p b").textContent).toBe("tight");
    expect(one(host, "ol").getAttribute("start")).toBe("3");
    expect(one(host, "td").getAttribute("colspan")).toBe("2");
    const link = one(host, "a");
    expect([link.getAttribute("href"), link.getAttribute("rel"), link.getAttribute("target")]).toEqual([
      "https://example.org/a?b=c",
      "noopener noreferrer",
      "_blank",
    ]);
    expect(one(host, "img").getAttribute("src")).toBe(picture);
  });

  it("the words of an element it does not know", () => {
    expect(drawn("<section>read <blink>this</blink></section>").textContent).toBe("read this");
  });
});

it("code is no text for people", () => {
  expect(drawn("a<script>b</script><style>c</style><textarea>d</textarea>e").textContent).toBe("ae");
});

describe("nothing that acts comes through", () => {
  it.each([
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "<svg onload='window.ran = 1'><script>window.ran = 1</script></svg>",
    "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
    "<a href='javascript:window.ran = 1'>x</a>",
    "<a href=' jAvAsCrIpT:window.ran = 1'>x</a>",
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src='https://example.org/pixel.gif'>",
    "<object data='x'></object><embed src='x'>",
    "<form action='https://example.org'><input name=a><button>Go</button></form>",
    "<style>* { display: none }</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<p class='lw-root' id='x' data-commandlinker-command='run'>x</p>",
    "<math><mi xlink:href='javascript:1'>x</mi></math>",
    "<template><img src=x onerror=1></template>",
    "<base href='https://example.org'><meta http-equiv=refresh content='0;url=//example.org'>",
    "<p><img src=x onerror=alert(1)//",
  ])("%s", (html) => {
    const host = drawn(html);
    for (const element of host.querySelectorAll("div *")) {
      expect(element.localName).not.toMatch(
        /script|style|iframe|svg|math|object|embed|form|input|button|template|base|meta/,
      );
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|style|class|id|data-|srcdoc/);
        if (name === "href" || name === "src")
          expect(value).toMatch(/^(https?:|mailto:|data:image\/(png|jpeg|gif|webp);)/);
      }
    }
    expect((globalThis as { ran?: number }).ran).toBeUndefined();
    expect(host.innerHTML).not.toContain("example.org/pixel");
  });
});
