import { assert, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { profile } from "./mod.ts";

setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
const w = randn([6, 6], { requiresGrad: true });
const report = await profile(() => w.matmul(w).tanh().sum().backward(), { runs: 2, warmup: 1 });

Deno.test("ProfileReport.table() has the largest rows, and the time of the others", () => {
  const whole = report.table("ops", { columns: Infinity }).split("\n");
  const short = report.table("ops", { columns: Infinity, limit: 2 }).split("\n");
  assertEquals(whole[0]!.split(/ {2,}/).slice(0, 4), ["Op", "Phase", "Self", "Self %"]);
  assertEquals(whole.length, report.ops.length + 4);
  assertEquals(short.length, 2 + 5);
  assert(short[2]!.startsWith(report.ops[0]!.name) && short[3]!.startsWith(report.ops[1]!.name));
  assert(/^\d+ more: [\d.]+ [mu]?s$/.test(short[5]!), short[5]);
  assert(short[6]!.startsWith("Outside of ops: "));
});

Deno.test("ProfileReport.table() fits into a terminal: it cuts names, then leaves columns out", () => {
  for (const columns of [100, 60, 40, 24]) {
    for (const by of ["ops", "kernels"] as const) {
      const lines = report.table(by, { columns }).split("\n").filter((line) => !line.startsWith("Outside"));
      const widest = Math.max(...lines.map((line) => line.length));
      assert(widest <= columns, `${widest} of ${columns}:\n${lines.join("\n")}`);
    }
  }
  assertEquals(report.table("ops", { columns: 24 }).split("\n")[0]!.split(/ {2,}/), ["Op", "Phase"]);
});

Deno.test("ProfileReport.table() refuses rows that there are not", () => {
  const by = "lines" as "ops";
  assertThrows(() => report.table(by), TypeError, 'must be "ops", "layers" or "kernels"');
});

Deno.test("ProfileReport shows its tables in consoles", () => {
  const text = String(report), [first] = text.split("\n");
  assert(
    /^One run of 2 on reference: .*: [\d.]+ [mu]?s \([\d.]+ [mu]?s without listening\), at most /.test(
      first!,
    ),
    first,
  );
  assert(text.includes("mm") && !text.includes("Layer"));
  assertEquals(Deno.inspect(report), text);
});
