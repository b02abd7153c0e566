/** A training step on one device, each call of which is made again on others with the same inputs. */
import { currentGradNode, currentLayer } from "@troodon/autograd";
import { type Device, type DType, type GradNode, isFloating, type Tensor, tidySync } from "@troodon/core";
import { type CallListener, flow, type Op, type OpCall, positionAt } from "@troodon/core/kernel";
import { largest, TOLERANCES, type WorstElement, worstElement } from "./difference.ts";
import { replay } from "./replay.ts";

/** A call whose results on two devices part. */
export interface PartedCall {
  /** The pass of the call: prediction and loss, or gradients. */
  readonly phase: "forward" | "backward";
  /** Name of the op. */
  readonly op: string;
  /** Layer of the call, as `fc1 (Linear)`; of a gradient the layer that it belongs to. Null outside of all layers. */
  readonly layer: string | null;
  /** In the backward pass the recorded call whose gradient is calculated, as `AddmmBackward0`; null otherwise. */
  readonly gradientOf: string | null;
  /** Names of the two devices: the one whose values both were given, and the other. */
  readonly devices: readonly [lead: string, other: string];
  /** Number of the output in which they part most, in proportion to what is allowed. */
  readonly output: number;
  /** Type of its elements. */
  readonly dtype: DType;
  /** Shape of the output. */
  readonly shape: readonly number[];
  /** Position of its worst element. */
  readonly position: readonly number[];
  /** The worst element. */
  readonly worst: WorstElement;
}

/** A call that could not be made on a device. */
export interface SkippedCall {
  /** Name of the op. */
  readonly op: string;
  /** Name of the device. */
  readonly device: string;
  /** The reason, as the device gives it. */
  readonly reason: string;
}

type Elements = ArrayLike<number | bigint>;
type Read = readonly (Elements | Promise<Elements>)[];

/** Returns the elements of a tensor, or a promise of them where the device must be waited for. */
export function read(x: Tensor): Elements | Promise<Elements> {
  if (x.device.canReadSync) return readSync(x);
  return x.dtype === "int64" ? x.dataAsync({ bigint: true }) : x.dataAsync();
}

function readSync(x: Tensor): Elements {
  return x.dtype === "int64" ? x.dataSync({ bigint: true }) : x.dataSync();
}

/** Returns true for a call that adds up numbers; false for elementwise calls. */
function sumsUp(op: Op, inputs: readonly Tensor[], params: unknown): boolean {
  return op.kind !== "kernel" || op.kernel(inputs, op.infer(inputs, params), params).kernel !== "map";
}

/** A call as it was made on the other devices. */
interface Made {
  /** The elements of the outputs, by device. */
  readonly found: ReadonlyMap<Device, Read>;
  /** The largest magnitude among the elements of the inputs. */
  readonly inputs: number;
  /** True for an op that adds up numbers. */
  readonly sums: boolean;
}

/** Hears of the calls of a step on the device that leads, and makes each again on the others. */
export class Lockstep {
  /** Calls that were made again. */
  calls = 0;
  /** Calls that could not be made on a device. */
  readonly skipped: SkippedCall[] = [];
  readonly #lead: Device;
  readonly #others: readonly Device[];
  readonly #names: ReadonlyMap<Device, string>;
  readonly #tolerances: Readonly<Partial<Record<DType, number>>>;
  readonly #layers = new Map<GradNode, string | null>();
  #overwritten: Made | null = null;
  readonly #found: (PartedCall | null | Promise<PartedCall | null>)[] = [];

  /** Compares `others` with `lead`, which can be read at once. */
  constructor(
    lead: Device,
    others: readonly Device[],
    names: ReadonlyMap<Device, string>,
    tolerances: Readonly<Partial<Record<DType, number>>>,
  ) {
    this.#lead = lead;
    this.#others = others;
    this.#names = names;
    this.#tolerances = { ...TOLERANCES, ...tolerances };
  }

  /** Runs `step` on the device that leads; gives the calls that part, in their order. */
  async run(step: () => void): Promise<PartedCall[]> {
    const listener: CallListener = {
      expands: () => false,
      read: () => {},
      overwrites: (call) => {
        this.#overwritten = this.#isCompared(call) ? this.#make(call) : null;
      },
      heard: (call) => {
        const made = call.inPlace ? this.#overwritten : this.#isCompared(call) ? this.#make(call) : null;
        if (made !== null) this.#compare(call, made);
      },
    };
    flow.runInFrame({ listener }, step);
    return (await Promise.all(this.#found)).filter((parted) => parted !== null);
  }

  /** True for calls of ops on the device that leads; a function of the user is heard by its calls. */
  #isCompared({ op, outputs: [y] }: OpCall): boolean {
    return op.kind !== "view" && op.kind !== "recorded" && y?.device === this.#lead;
  }

  /** Makes a call on the other devices. */
  #make(call: OpCall): Made {
    const found = new Map<Device, Read>(), { params } = call, op = call.op as Op;
    const sources = call.inPlace ? [call.outputs[0]!, ...call.inputs] : call.inputs;
    let inputs = 0;
    quietly(() => {
      for (const device of this.#others) this.#replay(call, device, found);
      for (const x of sources) if (isFloating(x.dtype)) inputs = Math.max(inputs, largest(x.dataSync()));
    });
    return { found, inputs, sums: sumsUp(op, call.inputs, params) };
  }

  /** Compares the outputs of a call that has run with those of the other devices, as soon as these are there. */
  #compare({ op, outputs }: OpCall, { found, ...known }: Made): void {
    const node = currentGradNode(), layer = node === null ? currentLayer() : this.#layers.get(node) ?? null;
    for (const y of outputs) {
      if (y.node !== null && !this.#layers.has(y.node)) this.#layers.set(y.node, layer);
    }
    this.calls++;
    const phase = node === null ? "forward" as const : "backward" as const;
    const place = { phase, op: op.name, layer, gradientOf: node?.name ?? null };
    const specs = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
    let expected: readonly Elements[] = [];
    quietly(() => {
      expected = outputs.map(readSync);
    });
    for (const [device, read] of found) {
      const devices = [this.#names.get(this.#lead)!, this.#names.get(device)!] as const;
      const worstOutput = (elements: readonly Elements[]): PartedCall | null => {
        const parted = specs.flatMap(({ shape, dtype }, output): PartedCall[] => {
          const options = { ...known, dtype, tolerance: this.#tolerances[dtype] ?? 0 };
          const worst = worstElement(expected[output]!, elements[output]!, options);
          if (worst === null) return [];
          return [{ ...place, devices, output, dtype, shape, position: positionAt(worst.at, shape), worst }];
        });
        return parted.toSorted((a, b) => shareOf(b) - shareOf(a))[0] ?? null;
      };
      this.#found.push(settled(read, worstOutput));
    }
  }

  /** Makes a call on `device` and adds its outputs, as they are read, to `found`; or notes why that cannot be. */
  #replay(call: OpCall, device: Device, found: Map<Device, Read>): void {
    const skip = (reason: string): void =>
      void this.skipped.push({ op: call.op.name, device: this.#names.get(device)!, reason });
    const missing = [...call.inputs, ...call.outputs].find(({ dtype }) =>
      !device.backend.limits.dtypes.includes(dtype)
    );
    if (missing !== undefined) return skip(`the device has no ${missing.dtype}`);
    try {
      found.set(device, replay(call, device).map(read));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      skip(error.message);
    }
  }
}

/** The difference of the worst element in proportion to what is allowed. */
function shareOf({ worst: { expected, found, allowed } }: PartedCall): number {
  const share = Math.abs(found - expected) / allowed;
  return Number.isNaN(share) ? Infinity : share;
}

/** Runs `f` without anybody hearing of its calls or recording them, and frees what it made. */
function quietly(f: () => void): void {
  const frame = flow.syncFrame({ listener: null, recording: false }), before = flow.enterSync(frame);
  try {
    tidySync(f);
  } finally {
    flow.leaveSync(frame, before);
  }
}

/** Hands elements to `f` as soon as they are there: at once where they are. */
function settled<T>(elements: Read, f: (elements: readonly Elements[]) => T): T | Promise<T> {
  const there = elements.filter((one): one is Elements => !(one instanceof Promise));
  return there.length === elements.length ? f(there) : Promise.all(elements).then(f);
}
