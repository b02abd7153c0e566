/** State of a compiled function: its recordings and programs. */
import { currentScope, type Tensor, tidySync } from "@troodon/core";
import { type CallListener, currentRecorder, flow, recordedBy } from "@troodon/core/kernel";
import { type CallArguments, callArguments } from "./call_arguments.ts";
import { explain } from "./explain.ts";
import { dropUsedHistories, finishTrace } from "./finish_trace.ts";
import type { PassOptions } from "./passes/mod.ts";
import { Recording } from "./recording.ts";
import type { Trace } from "./trace.ts";
import { Variant } from "./variant.ts";

/** Number of programs that are kept; the least recently used is dropped first. */
const VARIANTS = 8;

/** Number of argument keys that are remembered after a first call. */
const WARM = 64;

/** Number of recordings without a replay after which compilation is given up. */
const RECORDINGS = 24;

/** Options of a {@linkcode CompiledFunction}. */
export interface CompiledOptions {
  /** Number of replays between verifications; 0 for none. */
  readonly verify: number;
  /** True if a function that cannot be compiled is an error. */
  readonly strict: boolean;
  /** Options of the passes that optimize programs. */
  readonly passes: PassOptions;
}

/** A variant, with the key of its arguments. */
interface Entry {
  readonly key: string;
  readonly variant: Variant;
}

/** Records calls of a function and replays them as programs. */
export class CompiledFunction implements Disposable {
  readonly #fn: (...args: readonly unknown[]) => unknown;
  readonly #options: CompiledOptions;
  /** Variants, most recently used first. */
  #entries: Entry[] = [];
  /** Keys of arguments that one call has run with; the next call with such a key is recorded. */
  readonly #warm = new Set<string>();
  /** Tensors that the last run returned, until the next call. */
  #outputs: readonly Tensor[] = [];
  #recordings = 0;
  #replays = 0;
  /** Set once the function is known not to be compilable. */
  #eager = false;

  /** Creates the state of `fn`, without recordings. */
  constructor(fn: (...args: readonly unknown[]) => unknown, options: CompiledOptions) {
    this.#fn = fn;
    this.#options = options;
  }

  /** Calls the function. */
  call(args: readonly unknown[]): unknown {
    const { recording, anomaly, listener } = flow.currentFlow();
    // Inside another recording the call becomes part of it; a listener that does not accept replays must hear each op.
    const heard = listener !== null && listener.hearsReplays !== true;
    if (this.#eager || currentRecorder() !== null || heard || anomaly !== null) {
      return this.#fn(...args);
    }
    const taken = callArguments(args), key = recording ? taken.key : `${taken.key}noGrad`;
    const stale = this.#outputs, given = stale.filter((output) => taken.tensors.includes(output));
    this.#outputs = [];
    for (const output of stale) if (!given.includes(output)) retire(output);
    try {
      return this.#serve(key, args, taken);
    } finally {
      given.forEach(retire);
    }
  }

  #serve(key: string, args: readonly unknown[], taken: CallArguments): unknown {
    const candidates: Entry[] = [];
    for (const entry of this.#entries) {
      if (entry.key !== key) continue;
      const why = entry.variant.excludes(taken);
      if (why === "gone") this.#drop(entry);
      if (why !== null) continue;
      const { program } = entry.variant;
      if (program !== null && !this.#isDue() && program.mismatch(taken) === null) {
        this.#recordings = 0;
        this.#use(entry);
        return program.allowsIndices(taken) ? this.#replay(entry, taken) : this.#runOnce(args);
      }
      candidates.push(entry);
    }
    if (candidates.length > 0 || this.#warm.delete(key)) return this.#record(key, args, taken, candidates);
    if (taken.hasObjects && ++this.#recordings > RECORDINGS) {
      this.#fail(
        new TypeError(
          "Cannot compile a function as each of its calls passes new objects: pass tensors, numbers, " +
            "and lists and records of them",
        ),
      );
      return this.#fn(...args);
    }
    // The first call with a key runs unrecorded, as it may create state that later calls use.
    if (this.#warm.size === WARM) this.#warm.clear();
    this.#warm.add(key);
    return this.#runOnce(args);
  }

  /** Runs the function itself, unrecorded. */
  #runOnce(args: readonly unknown[]): unknown {
    return tidySync(() => checkSynchronous(this.#fn(...args)));
  }

  /** Returns true if the next call must be recorded to verify the program. */
  #isDue(): boolean {
    const { verify } = this.#options;
    return verify > 0 && (this.#replays + 1) % (verify + 1) === 0;
  }

  #replay(entry: Entry, taken: CallArguments): unknown {
    this.#replays++;
    let right = false;
    try {
      const { result, outputs, asRecorded } = entry.variant.program!.run(taken);
      this.#outputs = outputs;
      right = asRecorded;
      return result;
    } finally {
      if (!right) this.#drop(entry);
    }
  }

  #record(
    key: string,
    args: readonly unknown[],
    taken: CallArguments,
    candidates: readonly Entry[],
  ): unknown {
    this.#replays++;
    const recording = new Recording(taken.tensors, this.#options.strict, this.#modes());
    const call = (): unknown => {
      recording.scope = currentScope();
      const result = checkSynchronous(this.#fn(...args));
      if (recording.refusal === null) dropUsedHistories(result, recording);
      return result;
    };
    const result = recordedBy(recording, () => heardBy(recording.origins, () => tidySync(call)));
    const reason = this.#take(key, recording, taken, result, candidates);
    if (reason !== null) this.#fail(reason);
    return result;
  }

  /** Current modes of the modules that recorded calls used. */
  #modes(): Map<object, unknown> {
    const modes = new Map<object, unknown>();
    for (const { variant: { trace } } of this.#entries) {
      for (const { module } of trace.modules) modes.set(module, (module as { training?: unknown }).training);
    }
    return modes;
  }

  /** Adds a recording; returns the reason why the function cannot be compiled, or null. */
  #take(
    key: string,
    recording: Recording,
    taken: CallArguments,
    result: unknown,
    candidates: readonly Entry[],
  ): TypeError | null {
    const { device } = recording;
    let trace: Trace;
    if (recording.refusal !== null) return recording.refusal.error;
    try {
      trace = finishTrace(recording, taken, result);
    } catch (error) {
      return refusalOf(recording, error);
    }
    // A function without launches gains nothing from a program.
    if (device === null) return null;
    if (recording.early && ++this.#recordings <= RECORDINGS) {
      this.#warm.add(key);
      return null;
    }
    let reason: string | null = null;
    for (const entry of candidates) {
      const admission = entry.variant.admit(trace);
      if (admission === "admitted") {
        this.#use(entry);
        return null;
      }
      if (admission !== "other") reason ??= admission.reason;
    }
    if (reason !== null) return new TypeError(`Cannot compile a function as ${reason}`);
    if (++this.#recordings > RECORDINGS) {
      return new TypeError(
        "Cannot compile a function as none of its recordings matches a later call: its kernels depend on numbers, modes or " +
          "memory that differ in each call",
      );
    }
    this.#use({ key, variant: new Variant(device, trace, this.#options.passes) });
    while (this.#entries.length > VARIANTS) this.#drop(this.#entries.at(-1)!);
    return null;
  }

  #fail(error: TypeError): void {
    this[Symbol.dispose]();
    if (this.#options.strict) throw error;
    this.#eager = true;
    console.warn(`${error.message}. It runs uncompiled.`);
  }

  #use(entry: Entry): void {
    if (this.#entries[0] === entry) return;
    this.#entries = [entry, ...this.#entries.filter((other) => other !== entry)];
  }

  #drop(entry: Entry): void {
    entry.variant[Symbol.dispose]();
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** See {@linkcode Compiled.explain}. */
  explain(): string {
    return explain(this.#entries.map(({ variant }) => variant.program), this.#eager);
  }

  /** Frees the memory of all programs; results of the last call are no longer overwritten. */
  [Symbol.dispose](): void {
    for (const { variant } of this.#entries) variant[Symbol.dispose]();
    this.#entries = [];
    this.#outputs = [];
    this.#warm.clear();
  }
}

/** Returns the refusal that ended a recording, or throws `error` if it has another cause. */
function refusalOf({ refusal }: Recording, error: unknown): TypeError {
  if (refusal !== null && refusal.error === error) return refusal.error;
  throw error;
}

/** Runs `f` with `listener` attached to ops and parts. */
function heardBy<T>(listener: CallListener, f: () => T): T {
  const frame = flow.syncFrame({ listener }), before = flow.enterSync(frame);
  try {
    return f();
  } finally {
    flow.leaveSync(frame, before);
  }
}

function retire(output: Tensor): void {
  output.retire(
    " by the next call of the compiled function that returned it: read it before, or keep a copy by clone()",
  );
}

function checkSynchronous(result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  // The promise is not returned, so its rejection would be unhandled.
  result.catch(() => {});
  throw new TypeError(
    "Cannot compile a function as it must be synchronous: current result is a promise, await outside of it",
  );
}
