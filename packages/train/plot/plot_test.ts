import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Plot } from "../mod.ts";
import { contour } from "./contours.ts";
import { linearScale, logScale } from "./scale.ts";

Deno.test("linearScale() ticks at round numbers within the range", () => {
  const scale = linearScale([-0.31, 1.02], 0, 100);
  assertEquals(scale.ticks.map(([, text]) => text), ["0.0", "0.5", "1.0"]);
  assertEquals(linearScale([0, 1000], 0, 1).ticks.map(([, text]) => text).at(-1), "1000");
  assertAlmostEquals(scale.place(-0.31), 0, 1e-9);
  assertAlmostEquals(scale.place(1.02), 100, 1e-9);
});

Deno.test("logScale() ticks at powers of ten", () => {
  const scale = logScale([1e-5, 10], 0, 60);
  assertEquals(scale.ticks.map(([, text]) => text), ["1e-5", "1e-4", "0.001", "0.01", "0.1", "1", "10"]);
  assertAlmostEquals(scale.place(1e-3), 20, 1e-9);
});

Deno.test("contour() finds a circle", () => {
  const segments = contour((x, y) => x * x + y * y, 1, { x: [-2, 2], y: [-2, 2] }, 80);
  let length = 0;
  for (const [x0, y0, x1, y1] of segments) {
    assertAlmostEquals(Math.hypot(x0, y0), 1, 1e-3);
    length += Math.hypot(x1 - x0, y1 - y0);
  }
  assertAlmostEquals(length, 2 * Math.PI, 0.01);
  const area = { x: [-2, 2], y: [-2, 2] } as const, square = (x: number, y: number) => x * x + y * y;
  assertEquals(contour(square, 1, area), contour(square, 1, area, 60));
});

Deno.test("linearScale() steps by 1, 2 or 5 times a power of ten, of which there are two to six", () => {
  const texts = (low: number, high: number): string[] =>
    linearScale([low, high], 0, 1).ticks.map(([, text]) => text);
  assertEquals(texts(0, 5), ["0", "1", "2", "3", "4", "5"]);
  assertEquals(texts(0, 7), ["0", "2", "4", "6"]);
  assertEquals(texts(0, 20), ["0", "5", "10", "15", "20"]);
  assertEquals(texts(0, 40), ["0", "10", "20", "30", "40"]);
  assertEquals(texts(-0.02, 0.03), ["-0.02", "-0.01", "0.00", "0.01", "0.02", "0.03"]);
  assertEquals(texts(0, 3e6), ["0", "1e+6", "2e+6", "3e+6"]);
  assertEquals(texts(0, 999999), ["0", "200000", "400000", "600000", "800000"]);
});

Deno.test("logScale() leaves out powers where there are many, and writes those of four digits and more as such", () => {
  const texts = (low: number, high: number): string[] =>
    logScale([low, high], 0, 1).ticks.map(([, text]) => text);
  assertEquals(texts(1e-4, 1e4), ["1e-4", "0.01", "1", "100", "1e4"]);
  assertEquals(texts(0.5, 2000), ["1", "10", "100", "1000"]);
  assertEquals(texts(1e-12, 1), ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "0.01", "1"]);
});

Deno.test("Plot puts the ends of its data at the ends of its axes", () => {
  const plot = new Plot({ width: 200, height: 100, x: [0, 1], y: [0, 1] }).add([[0, 0], [1, 1]]);
  assertStringIncludes(plot.toString(), 'points="52,72 184,16"');
});

Deno.test("Plot leaves out what a logarithm, or nobody, can draw", () => {
  const plot = new Plot({ logY: true, x: [0, 3], y: [1, 100] });
  plot.add([[0, 1], [1, 0], [2, NaN], [3, 100]], { style: "dots" });
  assertEquals(plot.toString().match(/<circle/g)!.length, 2);
  assertEquals(plot.toString().includes("NaN"), false);
});

Deno.test("Plot is drawn without data, and with one value", () => {
  for (const points of [[], [[1, 1]]] as const) {
    for (const logY of [false, true]) {
      assertEquals(new Plot({ logY }).add(points).toString().includes("NaN"), false);
    }
  }
});

Deno.test("Plot escapes text and names marks", () => {
  const svg = new Plot({ title: "a < b & c" }).add([[0, 1]], { name: "loss" }).toString();
  assertStringIncludes(svg, "a &lt; b &amp; c");
  assertStringIncludes(svg, ">loss</text>");
});

Deno.test("Plot draws contours where it knows its ranges", () => {
  assertThrows(() => new Plot().addContours((x) => x, [1]), RangeError, "options x and y");
  const svg = new Plot({ x: [0, 1], y: [0, 1] }).addContours((x) => x, [0.5]).toString();
  assertEquals(svg.match(/stroke="#bbbbbb"/g)!.length, 1);
});
