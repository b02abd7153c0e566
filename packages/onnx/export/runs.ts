/** Running a module at several extents of its inputs. */
import type { disposableStack } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import { type ExampleInput, leastExtents, resized } from "./example_inputs.ts";
import { alike } from "./graph/alike.ts";
import { type Assignment, assignments, extentAt, LEAST_SAMPLES } from "./graph/dim.ts";
import type { JointGraph } from "./graph/join.ts";
import { layerFor } from "./layers/table.ts";
import { Recorder } from "./trace/recorder.ts";
import { tensorsIn } from "./trace/tensors.ts";
import { type Trace, trace } from "./trace/trace.ts";
import { expands } from "./translate.ts";

/** One run: the extents of its inputs, and what was recorded. */
export interface Run {
  readonly at: Assignment;
  readonly trace: Trace;
}

/** Runs of one module. */
export interface Runs {
  /** The runs that become the graph. */
  readonly all: readonly [Run, ...Run[]];
  /** A run with one sample, which is no part of the graph; null where no axis counts samples, or the module refuses one. */
  readonly single: Run | null;
}

/** Runs `module` on the tensors of `given` at other extents; `stack` keeps what the runs hold. */
export function runAll(
  module: AnyModule,
  given: readonly unknown[],
  examples: readonly ExampleInput[],
  stack: ReturnType<typeof disposableStack>,
): Runs {
  const runAt = (at: Assignment): Run => {
    const recorder = stack.use(new Recorder(expands)), called = resized(given, examples, at);
    for (const [, tensor] of tensorsIn(called)) stack.use(tensor);
    return { at, trace: trace(recorder, module, called, fitsWhole) };
  };
  /** The first that the module takes: tables of positions end, and normalization over a batch refuses one sample. */
  const firstTaken = (candidates: readonly Assignment[]): Run[] => {
    for (const at of candidates) {
      try {
        return [runAt(at)];
      } catch {
        continue;
      }
    }
    return [];
  };
  const least = leastExtents(examples), { runs, far } = assignments(least);
  const all = [...runs.map(runAt), ...firstTaken(far)] as [Run, ...Run[]];
  const one = Object.fromEntries(Object.entries(least).map(([k, v]) => [k, v === LEAST_SAMPLES ? 1 : v]));
  return { all, single: alike(one, least) ? null : firstTaken([one])[0] ?? null };
}

/** @throws {RangeError} If a graph gives other shapes for one sample than the module does, as by `squeeze()`. */
export function checkSingle({ single }: Runs, { outputs }: JointGraph): void {
  if (single === null) return;
  outputs.forEach((value, i) => {
    const found = single.trace.outputs[i]?.spec.shape ?? [];
    const expected = value.shapes[0]!.map((_, axis) => extentAt(value.extent(axis), single.at));
    if (found.length === expected.length && expected.every((n, axis) => n === null || n === found[axis])) {
      return;
    }
    throw new RangeError(
      `Cannot export a module as it must treat one sample as it treats several: output ${i} has the shape [${found}] for one, ` +
        `where that of several would be [${
          expected.map((n) => n ?? "?")
        }]: name the axis in squeeze(), or fix it by dynamicAxes`,
    );
  });
}

/** Returns the test for modules that are translated as a whole; undefined for others, and for modules with hooks of the user. */
function fitsWhole(module: AnyModule): ((inputs: readonly unknown[]) => boolean) | undefined {
  const layer = layerFor(module), { forward } = module.constructor.prototype as { forward: unknown };
  return layer && module.forward === forward ? (inputs) => layer.fits(module, inputs) : undefined;
}
