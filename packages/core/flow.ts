/**
 * What belongs to a flow of execution rather than to the process: the scope that owns new tensors, whether calls are
 * recorded, the default device, anomaly mode, who listens to calls.
 *
 * Settings live in frames. A block opens one and closes it again; what is in force is the innermost frame that is
 * still open. There are three ways to open one:
 *
 * - {@linkcode runInFrame}: for as long as a function runs, a promise of it included. Exact, also across `await`;
 * - {@linkcode openFrame}: until it is closed, for `using`. Exact from the first `await` of the function it stands in;
 *   before that, JavaScript gives the caller the same context as the function that it called;
 * - {@linkcode enterSync}: while synchronous code runs, at next to no cost.
 */
import { showArgument } from "./call_forms.ts";
import type { Device } from "./device.ts";
import type { CallListener } from "./tensor/call_listener.ts";
import { contextStorage } from "./context_storage.ts";
import type { Owner } from "./owner.ts";
import type { AnomalyDetection } from "./tape.ts";

/** The settings of a frame; those that are left out are those of the frame around it. */
export interface FlowSettings {
  /** The owner of new tensors. */
  readonly scope?: Owner | null;
  /** Whether calls on differentiable tensors are recorded. */
  readonly recording?: boolean;
  /** The device of creation functions that are given none. */
  readonly device?: Device | null;
  /** The anomaly checks applied to recorded calls. */
  readonly anomaly?: AnomalyDetection | null;
  /** The listener that hears calls of ops. */
  readonly listener?: CallListener | null;
}

/** Counts what may make the resolved settings of any frame untrue; see {@linkcode Frame.epoch}. */
let epoch = 1;

/** The number of open blocks whose frames live in the asynchronous context. */
let open = 0;

/** The number of such blocks opened so far. */
let opened = 0;

/** The settings in force outside of every block. */
const DEFAULTS: Required<FlowSettings> = {
  scope: null,
  recording: true,
  device: null,
  anomaly: null,
  listener: null,
};

/** Settings of a flow of execution, resolved. */
export class Frame {
  /** The owner of new tensors; null if there is none. */
  scope: Owner | null;
  /** Whether calls on differentiable tensors are recorded. */
  recording: boolean;
  /** The device of creation functions that are given none. */
  device: Device | null;
  /** The anomaly checks applied to recorded calls; null if anomaly mode is off. */
  anomaly: AnomalyDetection | null;
  /** The listener that hears calls of ops; null if there is none. */
  listener: CallListener | null;
  /** Up to when the resolved settings hold. */
  epoch: number;
  /** Whether its block is open. */
  open = true;
  /** Whether its caller finds it in force as well: a block of `using`. */
  lent = false;
  /** Whether another flow was seen to run within its block: what was made in it may belong to that. */
  shared = false;
  /** The frame around it. */
  outer: Frame | null;
  /** The settings that this frame sets itself, as opposed to those it inherits. */
  own: FlowSettings;
  /** Blocks of `using` that were opened within, and are open. */
  inside: Set<Frame> | null = null;
  /** The synchronous frame that was in force when it was opened. */
  before: Frame | null = null;
  /** The number of blocks opened before this frame was made. */
  readonly blocks: number = opened;

  /** A frame within `outer`. */
  constructor(outer: Frame | null, own: FlowSettings) {
    this.outer = outer;
    this.own = own;
    // What is in force is up to date.
    const { scope, recording, device, anomaly, listener } = outer ?? DEFAULTS;
    this.scope = own.scope === undefined ? scope : own.scope;
    this.recording = own.recording ?? recording;
    this.device = own.device === undefined ? device : own.device;
    this.anomaly = own.anomaly === undefined ? anomaly : own.anomaly;
    this.listener = own.listener === undefined ? listener : own.listener;
    this.epoch = epoch;
  }

  /** Brings the settings up to date, where those of the frame around it are. */
  resolve(): void {
    const { own } = this;
    const { scope, recording, device, anomaly, listener } = this.outer ?? DEFAULTS;
    this.scope = own.scope === undefined ? scope : own.scope;
    this.recording = own.recording ?? recording;
    this.device = own.device === undefined ? device : own.device;
    this.anomaly = own.anomaly === undefined ? anomaly : own.anomaly;
    this.listener = own.listener === undefined ? listener : own.listener;
    // With a block open within, it is looked at each time that it is found in force: see `found`.
    this.epoch = isOverlapped(this) ? 0 : epoch;
  }
}

/** The frame in force where no block is open. */
const ROOT = new Frame(null, {});

/** The frame of synchronous code that is running. */
let sync: Frame | null = null;

/** The settings in force. Ops read them once. */
export function currentFlow(): Frame {
  const frame = sync ?? (open === 0 ? ROOT : contextStorage().get() ?? ROOT);
  return frame.open && frame.epoch === epoch ? frame : found(frame);
}

/** The frame in force where `frame` is the context. */
function found(context: Frame): Frame {
  const frame = upToDate(context);
  if (isOverlapped(frame)) overlap(frame);
  return frame;
}

/**
 * Whether whoever finds `frame` in force may be another flow than the one that opened a block within. Where a function
 * runs in a frame, flows within are told apart: nobody else was given their blocks.
 */
function isOverlapped({ lent, inside }: Frame): boolean {
  return lent && inside !== null && inside.size > 0;
}

/** `frame` with its settings up to date, or the innermost one around it that is open. */
function upToDate(frame: Frame): Frame {
  const innermost = firstOpen(frame);
  if (innermost.epoch === epoch) return innermost;
  // Not by recursion: where blocks are never closed, frames lie deeper than the stack.
  const stale = [innermost];
  for (let f = innermost; f.outer !== null;) {
    f = f.outer = firstOpen(f.outer);
    if (f.epoch === epoch) break;
    stale.push(f);
  }
  for (let i = stale.length - 1; i >= 0; i--) stale[i]!.resolve();
  return innermost;
}

/** `frame` if it is open, or the innermost one around it that is. */
function firstOpen(frame: Frame): Frame {
  while (!frame.open) frame = frame.outer!;
  return frame;
}

/** Notes that code runs in `frame` while another flow has a block open within. */
function overlap(frame: Frame): void {
  for (const inner of frame.inside!) inner.shared = true;
  for (let f: Frame | null = frame; f !== null && f !== ROOT; f = f.outer) {
    f.shared = true;
    if (f.own.scope !== undefined) break;
  }
}

/**
 * Changes a setting for as long as the innermost block lasts that says something of it, or for the process.
 *
 * @param key Which setting.
 * @param value Its value.
 */
export function changeSetting<K extends keyof FlowSettings>(key: K, value: FlowSettings[K]): void {
  let frame = currentFlow();
  while (frame !== ROOT && frame.own[key] === undefined) frame = upToDate(frame.outer!);
  frame.own = { ...frame.own, [key]: value };
  epoch++;
}

/** Opens a frame until {@linkcode closeFrame}, in this flow and those that it starts. */
export function openFrame(own: FlowSettings): Frame {
  const outer = currentFlow(), frame = new Frame(outer, own);
  if (outer !== ROOT) {
    (outer.inside ??= new Set()).add(frame);
    // Whoever finds it in force while this one is open goes on beside this one.
    if (outer.lent) outer.epoch = 0;
  }
  frame.lent = true;
  open++;
  opened++;
  frame.before = sync;
  if (sync !== null) sync = frame;
  contextStorage().set(frame);
  return frame;
}

/**
 * Closes a frame: nobody finds it in force any more, whose context it may have become. A frame that is closed already
 * stays as it is. Blocks that are open within stay open for whoever opened them, and this flow leaves them.
 *
 * @throws {TypeError} If another block is open within and the platform cannot tell flows apart.
 */
export function closeFrame(frame: Frame): void {
  if (!frame.open) return;
  const { outer, inside } = frame, overlapping = inside !== null && inside.size > 0;
  if (overlapping && isWithin(currentFlow(), frame)) {
    if (sync !== null) sync = frame.before;
    contextStorage().set(outer!);
  }
  frame.open = false;
  open--;
  epoch++;
  if (sync === frame) sync = frame.before;
  outer!.inside?.delete(frame);
  if (!overlapping) return;
  frame.shared = true;
  for (const inner of inside) {
    inner.shared = true;
    inner.outer = outer;
    // What it owns is watched from now on: it may have been left open for good.
    inner.own.scope?.abandon();
    if (outer !== ROOT) (outer!.inside ??= new Set()).add(inner);
  }
  contextStorage().refuseOverlap();
}

/** Whether `inner` is a frame within `frame`. */
function isWithin(inner: Frame, frame: Frame): boolean {
  for (let f = inner.outer; f !== null; f = f.outer) if (f === frame) return true;
  return false;
}

/** Throws a TypeError if the block to run is not a function. */
export function checkFunction(f: unknown): void {
  if (typeof f === "function") return;
  throw new TypeError(`Cannot run a block as it must be a function: current one is ${showArgument(f)}`);
}

/**
 * Runs `f` with settings of its own, to the end of the promise if it returns one.
 *
 * @param own The settings.
 * @param f What runs.
 * @param end Called with the result when all is done, before the block closes; gives what is returned.
 * @param clean Called when the block has closed, also after an error.
 * @returns What `f` returns.
 */
export function runInFrame<T>(
  own: FlowSettings,
  f: () => T,
  end?: (result: Awaited<T>) => void,
  clean?: () => void,
): T {
  checkFunction(f);
  const frame = new Frame(currentFlow(), own), before = sync;
  const close = (): void => {
    frame.open = false;
    open--;
    epoch++;
    if (frame.inside !== null) { for (const inner of frame.inside) inner.shared = true; }
    clean?.();
  };
  open++;
  opened++;
  sync = null;
  let pending = false;
  try {
    const result = contextStorage().run(frame, f);
    if (!isPromise(result)) {
      end?.(result as Awaited<T>);
      return result;
    }
    pending = true;
    return result.then((value) => {
      end?.(value as Awaited<T>);
      return value;
    }).finally(close) as T;
  } finally {
    sync = before;
    if (!pending) close();
  }
}

function isPromise(x: unknown): x is Promise<unknown> {
  return x instanceof Promise;
}

/**
 * Puts settings in force for synchronous code, until {@linkcode leaveSync} is called with what this returns: in a
 * `finally`, as nothing else would.
 *
 * @param frame A frame of {@linkcode syncFrame}.
 * @returns What was in force before.
 */
export function enterSync(frame: Frame): Frame | null {
  const before = sync;
  sync = frame;
  return before;
}

/** Ends {@linkcode enterSync}. */
export function leaveSync(frame: Frame, before: Frame | null): void {
  sync = before;
  frame.open = false;
  // Blocks that were opened within and outlive it have this frame around them.
  if (opened !== frame.blocks) epoch++;
  if (frame.inside !== null) { for (const inner of frame.inside) inner.shared = true; }
}

/** A frame for {@linkcode enterSync}, within what is in force. */
export function syncFrame(own: FlowSettings, outer: Frame = currentFlow()): Frame {
  return new Frame(outer, own);
}

/** Gives new tensors another owner, in a frame of {@linkcode syncFrame} that is in force and has an owner of its own. */
export function changeOwner(frame: Frame, owner: Owner | null): void {
  frame.own = { ...frame.own, scope: owner };
  frame.scope = owner;
}
