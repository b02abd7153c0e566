import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseOptions } from "./options.ts";
import { merge, type Results } from "./results.ts";
import { choose, measures, SIDES } from "./sides.ts";
import { between, describe, duration } from "./tables.ts";
import { flopsOf, groupsOf, WORKLOADS } from "./workloads.ts";

const results = (side: string, seconds: readonly number[]): Results => ({
  date: "2026-01-01",
  machine: "a machine",
  versions: { [side]: `${side} 1.0` },
  results: [{ workload: "mlp", side, seconds, images: 100 }],
});

Deno.test("parseOptions() reads numbers and lists, and has smaller ones for --quick", () => {
  const options = parseOptions(["--rounds", "5", "--peers", "torch,jax-1", "--quick"], "/somewhere");
  assertEquals(options.rounds, 5);
  assertEquals(options.peers, ["torch", "jax-1"]);
  assertEquals(options.limit, 2000);
  assertEquals(options.data, "/somewhere/mnist");
  assertEquals(parseOptions([], undefined).rounds, 3);
  assertEquals(parseOptions(["--rounds", "0"], undefined).rounds, 0);
});

Deno.test("parseOptions() refuses what it does not know", () => {
  assertThrows(() => parseOptions(["--round", "5"], undefined), RangeError, "--round");
  assertThrows(() => parseOptions(["--limit", "many"], undefined), RangeError, "--limit");
  assertThrows(() => parseOptions(["--merge"], undefined), RangeError, "--json");
});

Deno.test("choose() takes names by their beginnings", () => {
  assertEquals(
    choose(SIDES, ["torch", "jax-js"]).map(({ name }) => name),
    ["torch-1", "torch-2", "torch-compiled-1", "jax-js"],
  );
  assertEquals(choose(SIDES, []), SIDES);
  assertThrows(() => choose(SIDES, ["theano"]), RangeError, "theano");
});

Deno.test("measures() leaves peaks to the machine and training to frameworks", () => {
  const [native, torch] = ["native-1", "torch-1"].map((name) => SIDES.find((side) => side.name === name)!);
  const [peak, mlp] = ["peak memory", "mlp"].map((name) => WORKLOADS.find((one) => one.name === name)!);
  assertEquals([native!, torch!].map((side) => measures(side, peak!)), [true, false]);
  assertEquals([native!, torch!].map((side) => measures(side, mlp!)), [false, true]);
});

Deno.test("WORKLOADS have names of their own", () => {
  assertEquals(new Set(WORKLOADS.map(({ name }) => name)).size, WORKLOADS.length);
});

Deno.test("groupsOf() keeps kernels of a kind together and trainings apart", () => {
  const chosen = choose(WORKLOADS, ["adam", "mlp", "cnn", "lstm"]);
  assertEquals(groupsOf(chosen).map((group) => group.length), [2, 1, 1, 1, 1]);
});

Deno.test("flopsOf() counts no gradient of the first layer's input", () => {
  assertEquals(
    flopsOf([{ layer: "linear", in: 2, out: 3 }, { layer: "linear", in: 3, out: 1 }], 1),
    4 * 6 + 6 * 3,
  );
  // One filter of 3x3 over 5x5: nine pixels of nine products.
  assertEquals(flopsOf([{ layer: "conv", in: 1, out: 1, size: 3 }], 5), 4 * 81);
});

Deno.test("merge() replaces what was measured anew and keeps the rest", () => {
  const both = merge(results("jax-1", [1]), results("torch-1", [2]));
  assertEquals(both.results.map(({ side }) => side), ["jax-1", "torch-1"]);
  assertEquals(both.versions, { "jax-1": "jax-1 1.0", "torch-1": "torch-1 1.0" });
  const again = merge(both, results("jax-1", [3]));
  assertEquals(again.results.map(({ side, seconds }) => [side, seconds]), [["torch-1", [2]], ["jax-1", [3]]]);
});

Deno.test("describe() shows medians, and ratios to the fastest rival", () => {
  const three = [["troodon-blas", 3], ["torch-1", 4], ["jax-2", 2]] as const;
  const text = describe(three.map(([side, s]) => results(side, [s, 9, s / 2])).reduce(merge));
  assertStringIncludes(text, "3.00 s (1.50)");
  assertStringIncludes(text, "4.00 s (2.00)");
  assertStringIncludes(text, "Epochs of 100 images");
});

Deno.test("describe() gives parts of the machine's peaks", () => {
  const result = (workload: string, side: string, s: number) => ({ workload, side, seconds: [s] });
  const text = describe({
    ...results("native-1", []),
    results: [
      result("peak fma 128-bit", "native-1", 1e-11),
      result("gemm 64x64x64", "troodon-wasm-1", 2 * 64 ** 3 * 2e-11),
    ],
  });
  assertStringIncludes(text, "100 GFLOP/s");
  assertStringIncludes(text, "50.0 GFLOP/s, 50 %");
});

Deno.test("duration() takes the unit that suits", () => {
  assertEquals([2, 0.0123, 4.5e-6].map(duration), ["2.00 s", "12.3 ms", "4.50 µs"]);
});

Deno.test("between() replaces what stands between its marks", () => {
  const page = "a\n<!-- peers: written by deno task bench:peers --write -->\n\nold\n\n<!-- /peers -->\nb\n";
  const once = between(page, "new");
  assertEquals(once, page.replace("old", "new"));
  assertEquals(between(once, "old"), page);
  assertThrows(() => between("a page", "text"), RangeError, "<!-- /peers -->");
});
