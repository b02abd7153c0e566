import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { FitObserver } from "../observer.ts";
import { ProgressReport } from "../observers/progress_report.ts";
import { LiveView } from "./live_view.ts";
import { showProgress } from "./shown_progress.ts";

/** Runs `f` with stderr faked to be a terminal. */
function onTerminal(f: () => void): void {
  const { isTerminal } = Deno.stderr;
  Deno.stderr.isTerminal = () => true;
  try {
    f();
  } finally {
    Deno.stderr.isTerminal = isTerminal;
  }
}

const views = (observers: readonly FitObserver[]): FitObserver[] =>
  observers.filter((one) => one instanceof LiveView || one instanceof ProgressReport);

Deno.test("showProgress() adds a view on a terminal alone, which is removed before others may print", () => {
  const own: FitObserver = { onEpoch: () => {} };
  assertStrictEquals(showProgress([own], undefined).observers[0], own);
  assertEquals(showProgress([own], undefined).observers.length, 1);
  onTerminal(() => {
    const { observers } = showProgress([own], undefined);
    assertEquals(views(observers).length, 1);
    assertStrictEquals(observers[1], own);
    assert(observers[0]!.onEpoch && observers[0]!.onLog && observers[0]!.onBeforeValidation);
    assertEquals(showProgress([own], false).observers, [own]);
  });
});

Deno.test("showProgress() shows a run anywhere when told to, and never twice", () => {
  assert(views(showProgress([], true).observers)[0] instanceof ProgressReport);
  onTerminal(() => {
    for (const shown of [new LiveView(), new ProgressReport()]) {
      assertEquals(showProgress([shown], true).observers, [shown]);
      assertEquals(showProgress([shown], undefined).observers, [shown]);
    }
  });
});

Deno.test("showProgress() adds no view of its own accord where an observer may print with each step", () => {
  const onStep = (): void => {};
  onTerminal(() => {
    assertEquals(views(showProgress([{ onStep }], undefined).observers).length, 0);
    assertEquals(views(showProgress([{ onBatch: onStep }], undefined).observers).length, 0);
    assertEquals(views(showProgress([{ onStep, quiet: true }], undefined).observers).length, 1);
    assertEquals(views(showProgress([{ onStep }], true).observers).length, 1);
  });
});
