/** The suite. */
import type { Device } from "@troodon/core";
import type { OpCase } from "./case.ts";
import { makeOracle, testOp, type TestOpOptions } from "./test_op.ts";

/**
 * Registers a test for each op that `cases` name. Devices are made once, before
 * the first test that runs, with the tape of `@troodon/autograd`; the reference
 * device is always there.
 */
export function conformance(
  makeDevices: () => readonly Device[] | Promise<readonly Device[]>,
  cases: readonly OpCase[],
  options: TestOpOptions = {},
): void {
  const oracle = makeOracle();
  let devices: Promise<readonly Device[]> | null = null;
  for (const [name, group] of Map.groupBy(cases, (c) => c.name)) {
    Deno.test(`${name}() conforms`, async () => {
      devices ??= Promise.resolve(makeDevices());
      let checked = group.every((c) => c.differentiable === false);
      for (const one of group) checked = await testOp(one, oracle, await devices, options) || checked;
      if (!checked) throw new RangeError(`${name}() needs a sample small enough for finite differences`);
    });
  }
}
