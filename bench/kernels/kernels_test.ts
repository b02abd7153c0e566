import { assert, assertEquals } from "@std/assert";
import { type LaunchView, Scope, Tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { MeteredDevice, QUICK } from "../devices.ts";
import { KERNEL_NAMES } from "../work.ts";
import { CASES, countsOf, fits } from "./mod.ts";

Deno.test("CASES have a name of their own each", () => {
  const names = CASES.map(({ family, name }) => `${family} ${name}`);
  assertEquals(names.filter((name, i) => names.indexOf(name) !== i), []);
});

Deno.test("CASES time every kernel of the contract, each with a case that is short anywhere", () => {
  const short = CASES.map(countsOf).filter((counts) => fits(counts, QUICK));
  const timed = new Set(short.flatMap(({ kernels }) => [...kernels]));
  assertEquals(KERNEL_NAMES.filter((name) => !timed.has(name)), []);
});

Deno.test("CASES launch what they are named after, and know what it has to do", () => {
  for (const one of CASES) {
    const { launches, kernels, bytes, flops } = countsOf(one), title = `${one.family} ${one.name}`;
    assert(launches > 0 && bytes > 0 && Number.isFinite(flops), title);
    assertEquals([...kernels], [["random", "optimizer"].includes(one.family) ? "map" : one.family], title);
  }
});

Deno.test("CASES are calls that a backend accepts, and give numbers", () => {
  for (const cases of Map.groupBy(CASES, ({ family }) => family).values()) {
    using device = new MeteredDevice(new CpuBackend({ threads: 1 })), _ = new Scope();
    const least = cases.toSorted((a, b) => countsOf(a).bytes - countsOf(b).bytes)[0]!;
    const work = least.prepare(device);
    const results: LaunchView[] = [];
    using _listening = device.listen(({ outputs }) => results.push(...outputs));
    work();
    for (const view of results) {
      if (view.storage.references === 0) continue; // A mask that was drawn.
      const result = new Tensor(device, view.storage.retain(), view, view.dtype);
      const numbers = Array.from(result.dataSync());
      assert(numbers.every(Number.isFinite), `${least.family} ${least.name}`);
    }
  }
});
