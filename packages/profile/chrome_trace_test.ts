import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { chromeTrace, type TraceEvent } from "./chrome_trace.ts";
import { profile } from "./mod.ts";
import type { Span } from "./span.ts";

setDefaultDevice(new Device(new ReferenceBackend(), { tape }));

/** Checks what the Trace Event Format asks of events, and that those of a thread lie within each other, as viewers want. */
function checkEvents(events: readonly TraceEvent[]): void {
  const open = new Map<number, number[]>();
  for (const { name, ph, pid, tid, ts, dur, args } of events) {
    assertEquals([typeof name, typeof pid, typeof tid], ["string", "number", "number"]);
    assert(Number.isFinite(ts) && ts >= 0, `${name} at ${ts}`);
    if (ph === "M") assertEquals(typeof args!["name"], "string");
    else if (ph === "C") assert(Object.values(args!).every((value) => typeof value === "number"));
    else {
      assertEquals(ph, "X");
      assert(Number.isFinite(dur) && dur! >= 0, `${name} for ${dur}`);
      const around = open.get(tid) ?? [];
      open.set(tid, around);
      while (around.length > 0 && around.at(-1)! <= ts) around.pop();
      assert(around.length === 0 || ts + dur! <= around.at(-1)! + 1e-3, `${name} ends behind what it is in`);
      around.push(ts + dur!);
    }
  }
}

Deno.test("ProfileReport.toChromeTrace() is JSON in the Trace Event Format, with an event for each op", async () => {
  const w = randn([4, 4], { requiresGrad: true });
  const report = await profile(() => w.matmul(w).sum().backward(), { runs: 3, warmup: 0 });
  const trace = JSON.parse(report.toChromeTrace()) as { displayTimeUnit: string; traceEvents: TraceEvent[] };
  assertEquals(trace.displayTimeUnit, "ms");
  checkEvents(trace.traceEvents);
  const named = (name: string) => trace.traceEvents.filter((event) => event.name === name);
  assertEquals([named("run").length, named("sum").length, named("backward").length], [3, 3, 3]);
  assertEquals(named("MmBackward0")[0]!.args, { phase: "backward" });
  assertEquals(named("process_name")[0]!.args, {
    name: "Troodon on reference: plain TypeScript in float64, one thread",
  });
  assert(named("bytes of tensors").every(({ ph, args }) => ph === "C" && Number(args!["bytes"]) > 0));
  const [first, second] = named("run") as [TraceEvent, TraceEvent];
  assert(second.ts >= first.ts + first.dur!);
});

Deno.test("chromeTrace() puts launches of a device where its clock has them, from the first launch of a run on", () => {
  const span = (kind: Span["kind"], name: string, start: number, device: Span["device"] = null): Span => (
    {
      kind,
      name,
      phase: "forward",
      parent: null,
      layer: null,
      kernels: 1,
      start,
      end: start + 1,
      bytes: 0,
      device,
    }
  );
  const { traceEvents } = chromeTrace(
    [
      span("run", "run", 10),
      span("launch", "map", 10, { start: 700, end: 700.002, busy: 0.002 }),
      span("launch", "sort", 11, { start: 700.004, end: 700.009, busy: 0.005 }),
      span("run", "run", 50),
      span("launch", "map", 50, { start: 900, end: 900.001, busy: 0.001 }),
    ],
    [],
    ["gpu"],
  );
  checkEvents(traceEvents);
  const onDevice = traceEvents.filter(({ tid, ph }) => tid === 2 && ph === "X");
  assertEquals(
    onDevice.map(({ name, ts, dur }) => [name, Math.round(ts), Math.round(dur!)]),
    [["map", 10_000, 2000], ["sort", 14_000, 5000], ["map", 50_000, 1000]],
  );
});
