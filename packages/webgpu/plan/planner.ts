/** What kernels plan with. */
import type { CallOf, KernelCall } from "@troodon/core";
import { bytesOf, sizeOf } from "@troodon/core/kernel";
import type { Pipelines } from "../device/pipelines.ts";
import type { Traits } from "../device/probe.ts";
import { alignmentOf, type GpuView, type PlanView, type Region } from "../operands.ts";
import { type Dispatch, type Draft, type Plan, STATUS_SLOT } from "./plan.ts";
import { costOf, partsOf, type WorkLimits } from "./work.ts";

/**
 * A call as kernels see it: without the numbers that may differ whenever its plan runs. A kernel that calls another one
 * with `scalars` fixes them; where there are none they are those of the call that is planned.
 */
export type Planned<C> = C extends unknown
  ? Omit<C, "scalars" | "random"> & { readonly scalars?: readonly number[] | undefined }
  : never;

/** Plans one call: its dispatches on views without memory, which are as the contract says for the family. */
export type Kernel<C> = (
  planner: Planner,
  call: Planned<C>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
) => readonly Draft[];

/** Kernels by the names of their calls. */
export type KernelTable = { readonly [K in KernelCall["kernel"]]?: Kernel<CallOf<K>> };

/** The memory of one plan in the making, and what shaders may make use of. */
export class Planner {
  readonly traits: Traits;
  /** Limits of the work of a dispatch. */
  readonly limits: WorkLimits;
  readonly inputs: readonly PlanView[];
  readonly outputs: readonly PlanView[];
  /** Where a kernel may report an index that does not exist: see `report_index` in `status.ts`. */
  readonly status: Region = { slot: STATUS_SLOT, operand: -1, bytes: -1 };
  readonly #operands: number[] = [];
  readonly #scratch: number[] = [];
  readonly #slots: number;
  readonly #kernel: string;

  /** Plans a call of `kernel` on views of `inputs` and `outputs`. */
  constructor(
    traits: Traits,
    limits: WorkLimits,
    kernel: string,
    inputs: readonly GpuView[],
    outputs: readonly GpuView[],
  ) {
    this.traits = traits;
    this.limits = limits;
    this.#kernel = kernel;
    const views = [...inputs, ...outputs];
    const buffers = [...new Set(views.map(({ buffer }) => buffer))];
    const planned = views.map((view, operand): PlanView => {
      const { buffer, dtype, shape, strides, offset } = view,
        slot = STATUS_SLOT + 1 + buffers.indexOf(buffer);
      this.#operands.push(slot);
      const bytes = sizeOf(shape) * bytesOf(dtype);
      const region = { slot, operand, bytes: endsMemory(view) ? bytes : -1 };
      return { buffer: region, dtype, shape, strides, offset: alignmentOf(offset) };
    });
    this.inputs = planned.slice(0, inputs.length);
    this.outputs = planned.slice(inputs.length);
    this.#slots = STATUS_SLOT + 1 + buffers.length;
  }

  /**
   * Temporary memory that lasts as long as the plan runs.
   *
   * @throws {RangeError} If that is more than one buffer: before anything is compiled, as sizes of what is too large
   * may be no numbers of a shader either.
   */
  scratch(bytes: number): Region {
    const most = this.limits.bytes;
    if (bytes > most) {
      throw new RangeError(
        `Cannot run ${this.#kernel}() on this GPU as its temporary memory of ${bytes} bytes must be at most ${most}, ` +
          "the most of one buffer: use smaller batches",
      );
    }
    return { slot: this.#slots + this.#scratch.push(bytes) - 1, operand: -1, bytes };
  }

  /** The plan of what a kernel made. */
  finish(drafts: readonly Draft[], pipelines: Pipelines): Plan {
    return {
      dispatches: drafts.flatMap((draft) => this.#dispatches(draft, pipelines)),
      operands: this.#operands,
      scratch: this.#scratch,
      reports: drafts.some(({ slots }) => slots.includes(STATUS_SLOT)),
    };
  }

  /** A draft as one dispatch, or as several of parts of its grid where it is more than the limits allow. */
  #dispatches(draft: Draft, pipelines: Pipelines): Dispatch[] {
    const { source, groups, slots, words, work } = draft, parts = partsOf(groups, work, this.limits);
    const cost = costOf(work) / parts.length;
    if (parts.length === 1) return [{ shader: pipelines.take(source), groups, slots, words, cost }];
    const shader = draft.parted();
    return parts.map((part) => ({
      shader: pipelines.take(shader.source),
      groups: [part.count, 1, 1],
      slots,
      words: shader.words(part),
      cost,
    }));
  }
}

/** Whether a view as large as its shape would end where its memory does, so that nothing follows up to 16 bytes. */
export function endsMemory(view: GpuView): boolean {
  const end = (view.offset + sizeOf(view.shape)) * bytesOf(view.dtype);
  return end === view.buffer.bytes || end === view.end;
}
