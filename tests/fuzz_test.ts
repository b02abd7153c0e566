/** Runs recorded programs of `deno task fuzz` again, and compares their outcomes with PyTorch's. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { type Device, Scope, withDevice } from "@troodon/core";
import { calledBy, compare } from "../scripts/fuzz/compare.ts";
import { runHere } from "../scripts/fuzz/here.ts";
import { namesThere } from "../scripts/fuzz/names.ts";
import { NOT_CALLED } from "../scripts/fuzz/not_called.ts";
import { printHere, printThere } from "../scripts/fuzz/print.ts";
import { FOLDER } from "../scripts/fuzz/record.ts";
import { isRefusal, type Recorded, unpack } from "../scripts/fuzz/recorded.ts";
import { entryOf } from "../scripts/fuzz/table/signatures.ts";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

const FILES = [...Deno.readDirSync(fromFileUrl(FOLDER))].map(({ name }) => name).sort();

const load = (file: string): readonly Recorded[] => JSON.parse(Deno.readTextFileSync(new URL(file, FOLDER)));

function replay(recorded: Recorded, device: Device, i: number): void {
  const { program } = recorded, found = compare(program, runHere(program, device), unpack(recorded));
  assert(
    found === null,
    `program ${i}: ${found?.of}: ${found?.aspect}: ${found?.detail}\n${printThere(program)}\n${
      printHere(program)
    }`,
  );
}

/** Stride of the recorded programs that run on each device. */
const SHARES: Readonly<Record<string, number>> = { cpu: 1, reference: 5, webgpu: 25 };

for (const device of [...DEVICES, ...GPU_DEVICES]) {
  Deno.test(`recorded programs do on ${device.name} what they do in PyTorch`, () => {
    const share = SHARES[device.name]!, dtypes: readonly string[] = device.backend.limits.dtypes;
    using _ = new Scope();
    const own = FILES.flatMap(load).filter(({ program, steps }) =>
      dtypes.includes("float64") || !JSON.stringify([program, steps]).includes('"float64"')
    );
    const chosen = own.filter((_, i) => i % share === 0);
    assert(chosen.length > 10);
    withDevice(device, () => chosen.forEach((recorded, i) => replay(recorded, device, i * share)));
  });
}

Deno.test("recorded programs call every name of PyTorch that is there, but for those that say why not", () => {
  const called = new Set(
    FILES.flatMap(load).flatMap(({ program, steps }) =>
      program.flatMap((s, i) => {
        const names = [calledBy(program, i), ..."call" in s && s.ng === true ? ["torch.no_grad"] : []];
        return isRefusal(steps[i]!) ? [] : names;
      })
    ),
  );
  const missing = namesThere().filter((name) => !called.has(name) && !NOT_CALLED.has(name));
  assertEquals(missing, []);
  const untold = namesThere().filter((name) =>
    !NOT_CALLED.has(name) && name !== "torch.no_grad" && !entryOf(name)
  );
  assertEquals(untold, [], "a name needs a signature in scripts/fuzz/table, or a reason in not_called.ts");
  assertEquals([...NOT_CALLED.keys()].filter((name) => !namesThere().includes(name)), []);
});
