/** Maps that are made at once: what an optimizer does to its parameters. */
import { type BackendLaunch, type Body, bytesOf, type DType, type MapCall } from "@troodon/core";
import type { CpuBuffer, CpuView, KernelContext, WasmFunction } from "../kernel.ts";
import type { Block } from "../lower/nest.ts";
import { call as runs, LastingTasks, type Task } from "../threads/task.ts";
import { blocksOf, checkRandom, codeOf, type MapCode } from "./map.ts";
import { same } from "./same.ts";

/** A launch on this backend. */
export type CpuLaunch = BackendLaunch<CpuBuffer>;

interface MapLaunch extends CpuLaunch {
  readonly call: MapCall;
}

/** Makes maps at once that have nothing to do with each other. */
export class Maps {
  readonly #context: KernelContext;
  readonly #series = new Map<Body, Series>();
  /** Of all operands of the maps that were gathered, one map after the other. */
  readonly #addresses: number[] = [];
  #operands = 0;

  /** Those of a context. */
  constructor(context: KernelContext) {
    this.#context = context;
  }

  /**
   * Makes as many launches from the first on as are maps of which none writes what another uses, and returns their
   * number; 0 if the first of several has to be made alone, by its own kernel.
   */
  run(launches: readonly CpuLaunch[], first: number): number {
    this.#operands = 0;
    users++;
    let end = first;
    while (end < launches.length && this.#take(launches[end]!)) end++;
    const count = end - first;
    if (count === 0 || (count === 1 && launches.length > 1)) return 0;
    const maps = launches as readonly MapLaunch[], { body } = maps[first]!.call;
    let series = this.#series.get(body);
    if (series === undefined) this.#series.set(body, series = new Series());
    series.run(this.#context, maps, first, count, this.#addresses);
    return count;
  }

  /** Whether a launch can be made together with those before it: its memory is in use then. */
  #take({ call, inputs, outputs }: CpuLaunch): boolean {
    if (call.kernel !== "map") return false;
    const addresses = this.#addresses;
    let at = this.#operands;
    for (let i = 0; i < inputs.length; i++) {
      const view = inputs[i]!, { buffer } = view;
      if (buffer.user === users) return false;
      addresses[at++] = addressIn(buffer, view);
    }
    for (let i = 0; i < outputs.length; i++) {
      const view = outputs[i]!, { buffer } = view;
      if (buffer.user === users || buffer.user === -users) return false;
      addresses[at++] = addressIn(buffer, view);
    }
    for (let i = 0; i < inputs.length; i++) inputs[i]!.buffer.user = -users;
    for (let i = 0; i < outputs.length; i++) outputs[i]!.buffer.user = users;
    this.#operands = at;
    return true;
  }
}

/** Counts what is made at once: the user of a buffer that is written, and with its sign turned of one that is read. */
let users = 0;

function addressIn(buffer: CpuBuffer, { offset, dtype }: CpuView): number {
  return offset === 0 ? buffer.pointer : buffer.pointer + offset * bytesOf(dtype);
}

/** What a call needs that is made beside others: parameter blocks of its own. */
interface Seat {
  readonly body: Body;
  readonly compute: MapCall["compute"];
  readonly shape: readonly number[];
  readonly dtypes: readonly DType[];
  readonly strides: readonly (readonly number[])[];
  /** Null if there is nothing to do. */
  readonly code: MapCode | null;
  readonly blocks: readonly Block[];
}

/** Seats that are kept beside those in use: calls may be left out of a series, and come back. */
const SPARE = 64;

/** Calls that are made again and again: all that does not change from time to time. */
class Series {
  /** Those in use first, in the order of the calls. */
  readonly #seats: Seat[] = [];
  #count = 0;
  /** Addresses of the blocks of all seats in use. */
  #table: CpuBuffer | null = null;
  #tasks: readonly Task[] = [];
  #nanoseconds = 0;

  /** Makes `count` calls from the first on, of operands at `addresses`. */
  run(
    context: KernelContext,
    launches: readonly MapLaunch[],
    first: number,
    count: number,
    addresses: readonly number[],
  ): void {
    let isNew = count !== this.#count;
    for (let i = 0; i < count; i++) if (this.#seat(context, i, launches[first + i]!)) isNew = true;
    if (isNew) this.#arrange(context, count);
    const words = context.memory.i32, numbers = context.memory.f64;
    let body: Body | null = null, given: readonly number[] = [], scalars = given, from = 0;
    for (let i = 0; i < count; i++) {
      const { call } = launches[first + i]!, { blocks, dtypes } = this.#seats[i]!;
      if (call.body !== body || !same(call.scalars, given)) {
        ({ body, scalars: given } = call);
        scalars = body.hostScalars(given);
      }
      checkRandom(call);
      for (let b = 0; b < blocks.length; b++) {
        const block = blocks[b]!;
        block.at(words, addresses, from, dtypes.length);
        block.setScalars(context, scalars, numbers);
        if (call.random !== undefined) block.setRandom(context, call.random);
      }
      from += dtypes.length;
    }
    context.run(this.#tasks, this.#nanoseconds);
  }

  /** Brings a seat that fits to place `i`; whether it was not there. */
  #seat(context: KernelContext, i: number, launch: MapLaunch): boolean {
    const seats = this.#seats;
    if (i < seats.length && fits(seats[i]!, launch)) return false;
    let found = i + 1;
    while (found < seats.length && !fits(seats[found]!, launch)) found++;
    if (found >= seats.length) found = seats.push(seatFor(context, launch)) - 1;
    [seats[i], seats[found]] = [seats[found]!, seats[i]!];
    return true;
  }

  /** Makes tasks of about the same size: what is small shares one. */
  #arrange(context: KernelContext, count: number): void {
    const gone = this.#seats.splice(2 * count + SPARE), used = this.#seats.slice(0, count);
    for (const { blocks } of gone) blocks.forEach((block) => block.release(context));
    this.#nanoseconds = used.reduce((sum, { code }) => sum + (code?.nanoseconds ?? 0), 0);
    const most = this.#nanoseconds / context.cuts(this.#nanoseconds);
    const addresses: number[] = [], groups: { each: WasmFunction; first: number; time: number }[] = [];
    for (const { code, blocks } of used) {
      for (const { address } of blocks) {
        const { each, nanoseconds } = code!, time = nanoseconds / blocks.length, last = groups.at(-1);
        if (last?.each === each && last.time + time <= most) last.time += time;
        else groups.push({ each, first: addresses.length, time });
        addresses.push(address);
      }
    }
    if (this.#table) context.memory.release(this.#table);
    this.#table = context.memory.allocate(4 * addresses.length);
    const { pointer } = this.#table;
    context.memory.i32.set(addresses, pointer / 4);
    this.#tasks = LastingTasks.from(groups, ({ each, first }, g) => {
      const end = groups[g + 1]?.first ?? addresses.length;
      return [runs(each, pointer + 4 * first, end - first)];
    });
    this.#count = count;
  }
}

function seatFor(context: KernelContext, { call, inputs, outputs }: MapLaunch): Seat {
  const { body, compute, shape } = call, views = [...inputs, ...outputs];
  const code = codeOf(context, call, inputs, outputs);
  return {
    body,
    compute,
    shape,
    dtypes: views.map((v) => v.dtype),
    strides: views.map((v) => v.strides),
    code,
    blocks: code === null ? [] : blocksOf(context, code),
  };
}

function fits(seat: Seat, { call, inputs, outputs }: MapLaunch): boolean {
  return seat.body === call.body && seat.compute === call.compute &&
    seat.dtypes.length === inputs.length + outputs.length && same(seat.shape, call.shape) &&
    areLike(seat, inputs, 0) && areLike(seat, outputs, inputs.length);
}

function areLike({ dtypes, strides }: Seat, views: readonly CpuView[], first: number): boolean {
  for (let i = 0; i < views.length; i++) {
    const view = views[i]!;
    if (view.dtype !== dtypes[first + i] || !same(view.strides, strides[first + i]!)) return false;
  }
  return true;
}
