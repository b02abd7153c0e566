/** Running a module while its calls are recorded. */
import { type Tensor, tidySync } from "@troodon/core";
import { disposableStack, flow, type Stack } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import type { Recorder } from "./recorder.ts";
import type { Recording } from "./recording.ts";
import { checkTensorsFound, tensorsIn } from "./tensors.ts";

/** A run, and the paths of its outputs in what `forward` returned. */
export interface Trace extends Recording {
  /** For each output, the keys that lead to it. */
  readonly outputPaths: readonly string[];
}

/** Returns a test of the inputs of a module that is recorded as a whole; undefined for other modules. */
export type Whole = (module: AnyModule) => ((inputs: readonly unknown[]) => boolean) | undefined;

/** Calls `module` with `inputs`, without gradients, and returns the recording. */
export function trace(
  recorder: Recorder,
  module: AnyModule,
  inputs: readonly unknown[],
  whole: Whole,
): Trace {
  const call = module as unknown as (...inputs: readonly unknown[]) => unknown;
  const values = tensorsIn(inputs).map(([, x]) => recorder.input(x));
  let traced: Trace | null = null;
  using _ = disposableStack();
  for (const [path, part] of module.namedModules()) follow(_, recorder, part, path, whole);
  flow.runInFrame({ recording: false, listener: recorder }, () =>
    tidySync(() => {
      const result = call(...inputs);
      if (result instanceof Promise) {
        throw new TypeError(
          "Cannot export a module as forward() must not be asynchronous: current one returns a Promise",
        );
      }
      checkTensorsFound(result, "results");
      const outputs = tensorsIn(result);
      traced = {
        calls: recorder.calls,
        inputs: values,
        outputs: outputs.map(([, y]) => recorder.value(y)),
        outputPaths: outputs.map(([path]) => path),
      };
      return [];
    }));
  return traced!;
}

/** Notifies the recorder when `module` is entered and left, until `stack` is disposed. */
function follow(
  stack: Stack,
  recorder: Recorder,
  module: AnyModule,
  path: string,
  whole: Whole,
): void {
  // Hooks of the user may change what comes out: then its parts tell what is done.
  const fits = whole(module), begun: number[] = [];
  stack.use(module.registerForwardPreHook(() => {
    recorder.enter(path);
    begun.push(recorder.count);
  }));
  stack.use(module.registerForwardHook((_, given, result) => {
    const since = begun.pop()!, tensors = (tree: unknown): Tensor[] => tensorsIn(tree).map(([, x]) => x);
    if (fits?.(given)) recorder.module(module, tensors(given), tensors(result), since);
    recorder.leave();
  }));
}
