import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows, fail } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { LivePage, Plot, TerminalPlot } from "../mod.ts";
import { BrailleCanvas } from "./braille.ts";
import { Pace } from "./pace.ts";

const device = new Device(new ReferenceBackend());
const never = (): Plot => fail("it is not due");
const line = (height: number): Plot => new Plot({ x: [0, 1], y: [0, 1] }).add([[0, height], [1, height]]);

Deno.test("BrailleCanvas puts eight dots into a character", () => {
  const canvas = new BrailleCanvas(2, 1);
  canvas.line(0, 0, 3, 3, null);
  assertEquals(canvas.lines(false), ["⠑⢄"]);
  for (const [x, y] of [[-1, 0], [4, 0], [0, 4], [NaN, 0]] as const) canvas.dot(x, y, null);
  assertEquals(canvas.lines(false), ["⠑⢄"]);
});

Deno.test("BrailleCanvas gives a character the color of its last dot", () => {
  const canvas = new BrailleCanvas(3, 1);
  canvas.dot(0, 0, "1;2;3");
  canvas.dot(4, 0, "1;2;3");
  canvas.dot(4, 1, "4;5;6");
  assertEquals(canvas.lines(true), ["\x1b[38;2;1;2;3m⠁\x1b[0m \x1b[38;2;4;5;6m⠃\x1b[0m"]);
});

Deno.test("Plot.toText() draws axes, names and lines within its size", () => {
  const plot = new Plot({ title: "Fit", xLabel: "x", yLabel: "y", x: [0, 1], y: [0, 1] });
  plot.add([[0, 0], [1, 1]], { name: "line" }).add([[0, 1]], { name: "dots", style: "dots" });
  assertEquals(plot.toText({ columns: 20, rows: 10 }).split("\n"), [
    "          Fit",
    "    y",
    "0.8 ┤⠁          ⢀⡠⠔⠊",
    "    │       ⢀⡠⠔⠊⠁",
    "0.4 ┤   ⢀⡠⠔⠊⠁",
    "0.0 ┤⡠⠔⠊⠁",
    "    └───────────────",
    "     0.0 0.4   0.8",
    "           x",
    "     ── line   ∙∙ dots",
    "",
  ]);
});

Deno.test("Plot.toText() colors what has a color of hexadecimal digits", () => {
  const colored = (color: string) => line(0.5).add([[0, 1], [1, 1]], { color }).toText({ color: true });
  assertStringIncludes(colored("#f00"), "\x1b[38;2;255;0;0m");
  assertStringIncludes(colored("#0080ff"), "\x1b[38;2;0;128;255m");
  assertEquals(colored("red").match(/38;2;/g)!.length, 1);
  assert(!line(0.5).toText().includes("\x1b"));
});

Deno.test("Plot.toText() leaves out what a logarithm, or nobody, can draw", () => {
  const plot = new Plot({ logY: true, x: [0, 4], y: [1, 100] });
  plot.add([[0, 1], [1, 0], [2, NaN], [3, Infinity], [4, 100]], { style: "dots" });
  assertEquals(plot.toText().match(/[\u2801-\u28ff]/g)!.length, 2);
});

Deno.test("Plot.toText() draws dashes with gaps, and contours", () => {
  const dots = (plot: Plot): number => plot.toText().match(/[\u2801-\u28ff]/g)!.length;
  const points = [[0, 0.5], [1, 0.5]] as const;
  const plot = (style: "line" | "dashed") => new Plot({ x: [0, 1], y: [0, 1] }).add(points, { style });
  assertEquals(dots(plot("dashed")), Math.ceil(dots(plot("line")) / 2));
  assert(dots(new Plot({ x: [0, 1], y: [0, 1] }).addContours((x) => x, [0.5])) > 10);
});

Deno.test("Plot.add() takes coordinates from tensors and arrays", () => {
  const expected = new Plot().add([[0, 1], [1, 3]], { name: "a" }).toString();
  assertEquals(new Plot().add(tensor([0, 1], { device }), [1, 3], { name: "a" }).toString(), expected);
  assertEquals(
    new Plot().add([0, 1], tensor([[1], [3]], { device, dtype: "int64" }), { name: "a" }).toString(),
    expected,
  );
  assertThrows(() => new Plot().add([0, 1], [1]), RangeError, "current counts are 2 and 1");
});

Deno.test("Pace lets drawing take its share of the time", () => {
  let time = 0;
  const pace = new Pace(0.1, () => time);
  assert(pace.due);
  const done = pace.start();
  time = 2;
  done();
  time = 19;
  assert(!pace.due);
  time = 20;
  assert(pace.due);
  for (const share of [0, 1.1, NaN]) assertThrows(() => new Pace(share), RangeError, "share");
});

Deno.test("TerminalPlot draws over its last picture, at its pace", () => {
  const written: string[] = [];
  const terminal = new TerminalPlot({
    shown: true,
    columns: 20,
    rows: 6,
    share: 1e-9,
    write: (text) => written.push(text),
  });
  terminal.update(() => line(0.2));
  terminal.update(() => line(0.4));
  assertEquals(written.length, 1);
  terminal.show(line(0.6));
  terminal.clear();
  terminal.clear();
  terminal.show(() => line(0.8));
  assertEquals(written.map((text) => text.startsWith("\x1b[6F")), [false, true, true, false]);
  assertEquals(written[0]!.split("\x1b[K\n").length, 7);
  assertEquals(written[2], "\x1b[6F\x1b[J");
});

Deno.test("TerminalPlot draws nothing where it is not shown", () => {
  const terminal = new TerminalPlot({ shown: false, write: () => assert(false) });
  terminal.update(never);
  terminal.show(line(1));
  terminal.clear();
});

/** Reads events until there are so many. */
async function eventsOf(response: Response, count: number): Promise<string[]> {
  let text = "";
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.split("\n\n").length > count) break;
  }
  return text.split("\n\n").slice(0, count);
}

Deno.test("LivePage sends each picture to the pages that show it", async () => {
  const page = await LivePage.open({ title: "a < b", share: 1e-9 });
  const html = await (await fetch(page.url)).text();
  assertStringIncludes(html, "<title>a &lt; b</title>");
  const early = await fetch(`${page.url}events`);
  const events = eventsOf(early, 3);
  page.update(() => line(0.25));
  page.update(never);
  const late = await fetch(`${page.url}events`);
  const [first] = await eventsOf(late, 1);
  assertStringIncludes(first!, "data: <svg");
  assertEquals(first!.split("\n").slice(1).every((text) => text.startsWith("data: ")), true);
  page.show(line(0.5));
  await page.close();
  const seen = await events;
  assertEquals(seen[0], first);
  assertEquals(seen[2], "event: end\ndata: ");
  await assertRejects(() => fetch(page.url));
});

Deno.test("LivePage spares a page that reads too slowly all but the last picture", async () => {
  const points = Array.from({ length: 120_000 }, (_, i) => [i, i % 7] as const);
  const page = await LivePage.open();
  const response = await fetch(`${page.url}events`);
  const shows = 15;
  for (let i = 1; i <= shows; i++) page.show(new Plot({ title: `picture ${i}` }).add(points));
  const all = eventsOf(response, shows + 1);
  await page.close();
  const titles = (await all).flatMap((event) => event.match(/picture \d+/) ?? []);
  assert(titles.length < shows, `all of ${titles}`);
  assertEquals(titles.at(-1), `picture ${shows}`);
});

Deno.test("LivePage.open() refuses a port that is taken", async () => {
  await using page = await LivePage.open();
  const port = Number(new URL(page.url).port);
  await assertRejects(() => LivePage.open({ port }), TypeError, `port ${port} must be free`);
  await assertRejects(() => LivePage.open({ share: 2 }), RangeError, "share");
});

Deno.test("LivePage knows no other pages", async () => {
  await using page = await LivePage.open();
  const response = await fetch(`${page.url}else`);
  await response.body?.cancel();
  assertEquals(response.status, 404);
});
