/** Records the spans of a run. */
import type { Device, DeviceListener, DeviceWork, Tensor } from "@troodon/core";
import type {
  CallListener,
  KernelCall,
  LaunchOrigin,
  LaunchTimer,
  NamedLayer,
  Op,
  OpCall,
  Part,
} from "@troodon/core/kernel";
import { NodeLayers } from "@troodon/core/kernel";
import type { Phase, Span, SpanKind } from "./span.ts";

/** Bytes of tensors on all devices at one moment of a profile. */
export interface MemoryMoment {
  /** Milliseconds since the start of the profile. */
  readonly at: number;
  /** Bytes in use. */
  readonly bytes: number;
}

/**
 * Clock used to time launches: "host" if launches have finished when they return, "device" for the device's own clock,
 * "none" if launches run later and the device clock cannot be read.
 */
export type LaunchClock = "host" | "device" | "none";

/** A device with an attached listener. */
interface Heard {
  readonly device: Device;
  readonly listening: Disposable;
  readonly timer: LaunchTimer | null;
}

/** Listens to the calls, parts and devices of a program and records a span for each. */
export class SpanRecorder implements CallListener, Disposable {
  /** Recorded spans; each follows the span that encloses it. */
  readonly spans: Span[] = [];
  /** Bytes in use after each allocation and free. */
  readonly memory: MemoryMoment[] = [];
  /** Outermost layers, in the order of their first calls. */
  readonly roots: Set<NamedLayer> = new Set();
  readonly #origin = performance.now();
  readonly #open: Span[] = [];
  readonly #layers = new NodeLayers<NamedLayer | null>();
  readonly #devices = new Map<Device, Heard>();
  /** Launches timed by the device clock; their index is the number given to timers. */
  readonly #timed: Span[] = [];
  #on = false;

  /** Runs `f` as a run of the profile, awaits its promise, and waits for the devices. */
  async record(f: () => unknown): Promise<void> {
    this.#on = true;
    try {
      this.#begin("run", "run");
      for (const { device } of this.#devices.values()) this.#noteMemory(device);
      await f();
      const wait = this.#begin("wait", "wait for the device");
      for (const { device } of this.#devices.values()) await device.finish();
      this.#end(wait);
    } finally {
      this.#end(this.#open[0]!);
      this.#on = false;
    }
    for (const { timer } of this.#devices.values()) {
      if (timer === null) continue;
      for (const [number, time] of await timer.read()) this.#timed[number]!.device = time;
    }
    this.#timed.length = 0;
  }

  /** Clock used to time launches on all devices. */
  get clock(): LaunchClock {
    const heard = [...this.#devices.values()];
    if (heard.some(({ timer }) => timer !== null)) return "device";
    return heard.some(({ device }) => device.backend.timeLaunches !== undefined) ? "none" : "host";
  }

  /** Descriptions of the devices that were used. */
  get devices(): string[] {
    return [...this.#devices.keys()].map(String);
  }

  /** Starts listening to `device`. */
  listenTo(device: Device): void {
    if (this.#devices.has(device)) return;
    const timer = device.backend.timeLaunches?.() ?? null;
    const listener: DeviceListener = {
      begins: (work) => {
        if (this.#on) this.#beginWork(work, timer);
      },
      ends: ({ kind }) => this.#endLast((span) => span.kind === kind),
      allocate: ({ bytes }) => {
        const top = this.#open.at(-1);
        if (top !== undefined) top.bytes += bytes;
        this.#noteMemory(device);
      },
      free: () => this.#noteMemory(device),
    };
    this.#devices.set(device, { device, listening: device.listen(listener), timer });
  }

  /** Returns true, so that compiled functions run as programs; see {@linkcode CallListener}. */
  get hearsReplays(): boolean {
    return true;
  }

  /** Returns false, so that fused ops run fused; see {@linkcode CallListener}. */
  expands(_op: Op): boolean {
    return false;
  }

  /** See {@linkcode CallListener}. */
  read(_tensor: Tensor): void {}

  /** See {@linkcode CallListener}. */
  starts(op: Op, device: Device): void {
    this.listenTo(device);
    this.#begin("op", op.name);
  }

  /** See {@linkcode CallListener}. */
  heard(call: OpCall): void {
    const { name } = call.op;
    this.#endLast((span) => span.kind === "op" && span.name === name);
    this.#layers.note(call, this.#open.at(-1)?.layer ?? null);
  }

  /** See {@linkcode CallListener}. */
  enters(part: Part): void {
    switch (part.kind) {
      case "layer": {
        const { layer } = part;
        if ((this.#open.at(-1)?.layer ?? null) === null) this.roots.add(layer);
        return void this.#begin("layer", layer.constructor.name, { layer });
      }
      case "gradient": {
        const { node } = part;
        return void this.#begin("gradient", node.name, {
          layer: this.#layers.of(node) ?? null,
          phase: "backward",
        });
      }
      case "backward":
        return void this.#begin("backward", "backward", { phase: "backward" });
      case "step":
        return void this.#begin("step", part.name, { phase: "optimizer" });
      case "replay":
        return this.#beginReplay(part.origins);
    }
  }

  /** See {@linkcode CallListener}. */
  leaves({ kind }: Part): void {
    this.#endLast((span) => span.kind === kind);
  }

  /** Stops listening to all devices. */
  [Symbol.dispose](): void {
    for (const { listening, timer } of this.#devices.values()) {
      listening[Symbol.dispose]();
      timer?.[Symbol.dispose]();
    }
  }

  #noteMemory({ memory }: Device): void {
    if (this.#on) this.memory.push({ at: this.#now(), bytes: memory.bytes });
  }

  /** Opens spans for launches of a compiled function: layers and phase of the first origin, with the names of all. */
  #beginReplay(origins: readonly LaunchOrigin[]): void {
    const [first] = origins;
    if (first === undefined) return void this.#begin("replay", "compiled");
    const [root] = first.layers, layer = first.layers.at(-1) ?? null;
    if (root !== undefined) this.roots.add(root);
    const name = [...new Set(origins.map(({ op }) => op))].join(" + ");
    this.#begin("replay", name, { phase: first.phase, layer });
  }

  #beginWork(work: DeviceWork, timer: LaunchTimer | null): void {
    if (work.kind !== "launch") return void this.#begin(work.kind, work.kind);
    const [first] = work.calls, kernels = work.calls.length;
    if (first === undefined) return void this.#begin("launch", "nothing");
    if (timer !== null) timer.mark(this.#timed.length);
    const span = this.#begin("launch", kernelName(first), { kernels });
    if (timer !== null) this.#timed.push(span);
  }

  #begin(
    kind: SpanKind,
    name: string,
    own: { readonly phase?: Phase; readonly layer?: NamedLayer | null; readonly kernels?: number } = {},
  ): Span {
    const parent = this.#open.at(-1) ?? null;
    const { phase = parent?.phase ?? "forward", layer = parent?.layer ?? null, kernels = 0 } = own;
    const start = this.#now();
    const span: Span = {
      ...{ kind, name, phase, layer, kernels, parent, start },
      end: start,
      bytes: 0,
      device: null,
    };
    this.spans.push(span);
    this.#open.push(span);
    return span;
  }

  /** Ends the innermost open span that passes `test`, and spans inside it that an error left open. */
  #endLast(test: (span: Span) => boolean): void {
    const span = this.#open.findLast(test);
    if (span !== undefined) this.#end(span);
  }

  #end(span: Span): void {
    const now = this.#now(), depth = this.#open.indexOf(span);
    if (depth < 0) return;
    for (const ended of this.#open.splice(depth)) ended.end = now;
  }

  #now(): number {
    return performance.now() - this.#origin;
  }
}

/** Name of a kernel, with the operation of its family if there are several: "matmul", "reduce sum". */
function kernelName(call: KernelCall): string {
  return "op" in call && typeof call.op === "string" ? `${call.kernel} ${call.op}` : call.kernel;
}
