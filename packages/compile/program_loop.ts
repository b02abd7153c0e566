/** Runs programs on backends that cannot prepare them. */
import type {
  Backend,
  BackendLaunch,
  KernelCall,
  LaunchProgram,
  ProgramLaunch,
  ProgramValues,
  ProgramView,
  RunnableProgram,
  View,
} from "@troodon/core/kernel";

/**
 * Runs a program launch by launch: `launch` for single calls, `launchAll` for groups of calls that may run at the same
 * time.
 *
 * @example One call, with a number that each run is given
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProgramLoop } from "@troodon/compile";
 * import { ReferenceBackend } from "@troodon/core";
 * import { body, expr, type ProgramView } from "@troodon/core/kernel";
 *
 * const backend = new ReferenceBackend(), buffer = backend.allocate(4);
 * const view: ProgramView = { slot: 0, dtype: "float32", shape: [1], strides: [1], offset: 0 };
 * const call = {
 *   kernel: "map",
 *   body: body(expr.mul(expr.input(0), expr.scalar(0))),
 *   compute: "float32",
 *   scalars: [1],
 *   shape: [1],
 * } as const;
 * const launch = { call, inputs: [view], outputs: [view], live: [{ kind: "scalar", index: 0, number: 0 }] } as const;
 * using program = new ProgramLoop(backend, { slots: [{ kind: "given", bytes: 4 }], launches: [launch] });
 *
 * backend.write(buffer, new Uint8Array(new Float32Array([2]).buffer));
 * for (const number of [3, 5]) program.run({ buffers: [buffer], numbers: [number], randoms: [] });
 * assertEquals(new Float32Array(backend.readSync(buffer).buffer)[0], 30);
 * ```
 */
export class ProgramLoop<B extends object = object> implements RunnableProgram<B> {
  readonly #backend: Backend<B>;
  readonly #groups: readonly (readonly ProgramLaunch[])[];

  /** Creates a loop over the launches of `program`. */
  constructor(backend: Backend<B>, program: LaunchProgram) {
    this.#backend = backend;
    this.#groups = groupsOf(program.launches);
  }

  /** Launches all calls, in order. */
  run(values: ProgramValues<B>): void {
    const backend = this.#backend;
    for (const group of this.#groups) {
      const launches = group.map((launch) => boundTo(launch, values));
      if (launches.length > 1 && backend.launchAll) backend.launchAll(launches);
      else for (const { call, inputs, outputs } of launches) backend.launch(call, inputs, outputs);
    }
  }

  /** Does nothing, as the loop holds no memory. */
  [Symbol.dispose](): void {}
}

/** Splits launches into groups that may run at the same time. */
function groupsOf(launches: readonly ProgramLaunch[]): ProgramLaunch[][] {
  const groups: ProgramLaunch[][] = [];
  let latest: number | undefined;
  for (const launch of launches) {
    if (launch.together !== undefined && launch.together === latest) groups.at(-1)!.push(launch);
    else groups.push([launch]);
    latest = launch.together;
  }
  return groups;
}

function boundTo<B extends object>(launch: ProgramLaunch, values: ProgramValues<B>): BackendLaunch<B> {
  const view = (of: ProgramView): View<B> => ({ ...of, buffer: values.buffers[of.slot]! });
  return {
    call: callWith(launch, values),
    inputs: launch.inputs.map(view),
    outputs: launch.outputs.map(view),
  };
}

/** Kernel call of a launch, with the live values of a run filled in. */
export function callWith(
  { call, live }: ProgramLaunch,
  { numbers, randoms }: Pick<ProgramValues, "numbers" | "randoms">,
): KernelCall {
  if (live.length === 0) return call;
  const changed: { scalars?: number[]; random?: ProgramValues["randoms"][number] } = {};
  for (const value of live) {
    if (value.kind === "random") changed.random = randoms[value.random]!;
    else if ("scalars" in call) (changed.scalars ??= [...call.scalars])[value.index] = numbers[value.number]!;
  }
  return { ...call, ...changed } as KernelCall;
}
