/** Recorded call: launches over slots, and the host work between them. */
import type { DType, Generator, GeneratorState, Tensor } from "@troodon/core";
import type { ModuleField } from "./module_fields.ts";
import type {
  FlatPlace,
  KernelCall,
  LaunchOrigin,
  ProgramView,
  Storage,
  TensorBase,
  Version,
} from "@troodon/core/kernel";

/** Memory used by a recorded call; slots are identified by their index. */
export interface TraceSlot {
  /** Identity of the memory: a storage, or the buffer shared by several storages. */
  readonly key: object;
  /** One of the storages in this memory. */
  readonly storage: Storage;
  /** True if the memory was allocated during the call. */
  readonly own: boolean;
  /** Number of bytes reached by views, from the start of the buffer. */
  bytes: number;
  /** True if a launch or the host wrote to the memory. */
  written: boolean;
}

/** Kernel launch of a recorded call. */
export interface TraceLaunch {
  /** Distinguishes launches from host writes. */
  readonly kind: "launch";
  /** The kernel call, with the numbers of this recording. */
  readonly call: KernelCall;
  /** Views that the kernel reads. */
  readonly inputs: readonly ProgramView[];
  /** Views that the kernel writes. */
  readonly outputs: readonly ProgramView[];
  /** Number shared by launches issued together; null for a single launch. */
  readonly batch: number | null;
  /** Index of the event of the section that issued the launch; null outside of sections. */
  readonly section: number | null;
  /** The op that issued the launch; undefined outside of ops. */
  readonly origin: LaunchOrigin | undefined;
  /** Error created at the launch, whose stack gives the line for error messages. */
  readonly site: Error;
}

/** Bytes written by the host in a recorded call. */
export interface TraceWrite {
  /** Distinguishes host writes from launches. */
  readonly kind: "write";
  /** Slot that was written. */
  readonly slot: number;
  /** Offset of the first written byte, from the start of the buffer. */
  readonly start: number;
  /** The bytes that were written. */
  readonly data: Uint8Array;
  /** Error created at the write, whose stack gives the line for error messages. */
  readonly site: Error;
}

/** Launch or host write. */
export type TraceStep = TraceLaunch | TraceWrite;

/** Tensor created outside a call: the index of an argument, or the tensor itself. */
export type Outside = number | Tensor;

/** Host action of a recorded call that each run repeats. `at` is the number of steps before the action. */
export type TraceEvent =
  | { readonly kind: "nothing"; readonly at: number }
  | {
    readonly kind: "section";
    readonly at: number;
    readonly run: (...numbers: readonly number[]) => void;
    readonly recording: boolean;
    /** Current and recorded number of tensors that the section works on; null where they never change. */
    readonly size: { readonly now: () => number; readonly recorded: number } | null;
    /** Numbers that the caller passed to the section. */
    readonly numbers: readonly number[];
    readonly site: Error;
  }
  | {
    readonly kind: "number";
    readonly at: number;
    readonly get: () => number;
    readonly value: number;
    readonly site: Error;
  }
  | { readonly kind: "toggle"; readonly at: number; readonly leaf: Outside; readonly on: boolean }
  | { readonly kind: "reserve"; readonly at: number; readonly generator: Generator; readonly blocks: number }
  | { readonly kind: "takeState"; readonly at: number; readonly generator: Generator }
  | {
    readonly kind: "giveState";
    readonly at: number;
    readonly generator: Generator;
    /** Index of the reserved state, or a state created outside the call. */
    readonly state: number | GeneratorState;
  }
  | {
    readonly kind: "changed";
    readonly at: number;
    readonly version: Outside | Version;
    readonly ofGrad: boolean;
  }
  | {
    readonly kind: "grad";
    readonly at: number;
    readonly leaf: Outside;
    /** View of the gradient; null if the gradient was removed. */
    readonly view: ProgramView | null;
    /** Place of the gradient in a flat buffer, if it is in one. */
    readonly place: FlatPlace | null;
  };

/** Tensor whose gradient a call reads or sets. */
export interface TraceLeaf {
  /** The tensor. */
  readonly leaf: Outside;
  /** True if the leaf had a gradient at the start of the call, false if not; null if the call does not depend on it. */
  readonly hadGrad: boolean | null;
  /** The gradient at the start of the call, if there was one. */
  readonly entry: GradAtEntry | null;
  /** Number of gradient hooks on the leaf. */
  readonly hooks: number;
}

/** Gradient that existed before a call. */
export interface GradAtEntry {
  /** Identity of the gradient's memory, as in {@linkcode TraceSlot}. */
  readonly key: object;
  /** Storage of the gradient. */
  readonly storage: Storage;
  /** Version of the gradient. */
  readonly version: Version;
  /** Shape of the gradient. */
  readonly shape: readonly number[];
  /** Strides of the gradient. */
  readonly strides: readonly number[];
  /** Offset of the first element. */
  readonly offset: number;
  /** Dtype of the gradient. */
  readonly dtype: DType;
}

/** Result of a call, with placeholders for tensors that each run creates. */
export type ResultTree =
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "grad"; readonly leaf: Outside }
  | {
    readonly kind: "tensor";
    readonly view: ProgramView;
    /** The tensor itself, returned if the function returned the same object in every recorded call. */
    readonly object: WeakRef<Tensor>;
  }
  | { readonly kind: "list"; readonly items: readonly ResultTree[] }
  | {
    readonly kind: "record";
    readonly prototype: object | null;
    readonly items: readonly (readonly [string, ResultTree])[];
  };

/** Module used by a call, or held in a field of such a module, with the values of its fields. */
export interface TraceModule {
  /** The module. */
  readonly module: object;
  /** Fields that the call did not change: lists and records by their items, other values by identity. */
  readonly fields: readonly ModuleField[];
  /** Forward function that hooks put on the module itself; {@linkcode CHANGED} if the call changed it. */
  readonly forward: unknown;
}

/** Recorded call of a function. */
export interface Trace {
  /** Memory slots used by the call. */
  readonly slots: readonly TraceSlot[];
  /** Launches and host writes, in order. */
  readonly steps: readonly TraceStep[];
  /** All other host actions, in order. */
  readonly events: readonly TraceEvent[];
  /** Index of the reserved random state of each step that draws random numbers. */
  readonly randoms: ReadonlyMap<TraceStep, number>;
  /** Slot of each tensor argument; null if the argument is not used or shares the slot of another. */
  readonly argumentSlots: readonly (number | null)[];
  /** Leaves whose gradients the call reads or sets. */
  readonly leaves: readonly TraceLeaf[];
  /** Modules that were called. */
  readonly modules: readonly TraceModule[];
  /** Storages created outside the call that belong to no argument, with the number of changes of their handles. */
  readonly fixed: readonly (readonly [storage: Storage, changes: number, leafState: number])[];
  /** Modes that modules have after the call and that differ from those before it. */
  readonly modes: readonly (readonly [module: { training: boolean }, training: boolean])[];
  /** Indices of the arguments that the call disposes of. */
  readonly disposed: readonly number[];
  /** Result of the call. */
  readonly result: ResultTree;
  /** Numbers among the arguments. */
  readonly numbers: readonly number[];
  /** Weak references to the identities of the arguments' memory. */
  readonly argumentKeys: readonly WeakRef<object>[];
  /** Offset of the first element of each argument. */
  readonly argumentOffsets: readonly number[];
}

/** Identity of a view's memory: the shared buffer, or else the storage itself. */
export function keyOf(storage: Storage): object {
  return storage.lease === null ? storage : storage.lease.buffer;
}

/** Resolves an outside tensor in a call with the arguments `tensors`. */
export function outside(of: Outside, tensors: readonly Tensor[]): Tensor {
  return typeof of === "number" ? tensors[of]! : of;
}

/** Index of `tensor` among the arguments, or else the tensor itself. */
export function outsideOf(tensor: TensorBase, tensors: readonly Tensor[]): Outside {
  const index = tensors.indexOf(tensor as Tensor);
  return index < 0 ? tensor as Tensor : index;
}
