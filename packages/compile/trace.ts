/** A recorded call: launches over slots, and what the host did between them. */
import type { DType, Generator, GeneratorState, Tensor } from "@troodon/core";
import type {
  FlatPlace,
  KernelCall,
  LaunchOrigin,
  ProgramView,
  Storage,
  TensorBase,
  Version,
} from "@troodon/core/kernel";

/** Memory that a recorded call uses, by the place of its slot. */
export interface TraceSlot {
  /** Identity of the memory: a storage, or the buffer that several lie in. */
  readonly key: object;
  /** A storage that is in it. */
  readonly storage: Storage;
  /** Whether the call took it. */
  readonly own: boolean;
  /** Bytes that views of it reach, from the beginning of the buffer on. */
  bytes: number;
  /** Whether a launch or the host wrote it. */
  written: boolean;
}

/** A kernel launch of a recorded call. */
export interface TraceLaunch {
  /** Tells launches from writes of the host. */
  readonly kind: "launch";
  /** The kernel, with the numbers of this call. */
  readonly call: KernelCall;
  /** Views that it reads. */
  readonly inputs: readonly ProgramView[];
  /** Views that it writes. */
  readonly outputs: readonly ProgramView[];
  /** A number that launches which were made at once have in common; null for a launch by itself. */
  readonly batch: number | null;
  /** The section that made it, as an index of the events; null outside of sections. */
  readonly section: number | null;
  /** What it was made for; undefined outside of ops. */
  readonly origin: LaunchOrigin | undefined;
  /** Made where the launch was made, for the line in errors. */
  readonly site: Error;
}

/** Bytes that the host wrote in a recorded call. */
export interface TraceWrite {
  /** Tells writes of the host from launches. */
  readonly kind: "write";
  /** The slot that was written. */
  readonly slot: number;
  /** First byte that was written, from the beginning of the buffer on. */
  readonly start: number;
  /** What was written. */
  readonly data: Uint8Array;
  /** Made where the host wrote, for the line in errors. */
  readonly site: Error;
}

/** A launch or a write of the host. */
export type TraceStep = TraceLaunch | TraceWrite;

/** A tensor from outside of a call: an argument by its number, or itself. */
export type Outside = number | Tensor;

/** Something that the host did in a recorded call, and does again in each run. `at` is the number of steps before it. */
export type TraceEvent =
  | { readonly kind: "section"; readonly at: number; readonly run: () => void; readonly recording: boolean }
  | {
    readonly kind: "number";
    readonly at: number;
    readonly get: () => number;
    readonly value: number;
    readonly site: Error;
  }
  | { readonly kind: "reserve"; readonly at: number; readonly generator: Generator; readonly blocks: number }
  | { readonly kind: "takeState"; readonly at: number; readonly generator: Generator }
  | {
    readonly kind: "giveState";
    readonly at: number;
    readonly generator: Generator;
    /** Which of the states that were taken it is, or a state from outside. */
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
    /** Where the gradient lies; null where it was taken away. */
    readonly view: ProgramView | null;
    /** Its place among those of other gradients, if it has one. */
    readonly place: FlatPlace | null;
  };

/** A tensor whose gradient a call asks for or leaves. */
export interface TraceLeaf {
  /** The tensor. */
  readonly leaf: Outside;
  /** Whether it had a gradient at the beginning that the call depends on; null if it does not depend on that. */
  readonly hadGrad: boolean | null;
  /** Where that gradient lay, if there was one. */
  readonly entry: GradAtEntry | null;
  /** The number of its hooks. */
  readonly hooks: number;
}

/** A gradient that was there before a call. */
export interface GradAtEntry {
  /** Identity of its memory, as of a slot. */
  readonly key: object;
  /** Its storage. */
  readonly storage: Storage;
  /** Its version. */
  readonly version: Version;
  /** Its extents. */
  readonly shape: readonly number[];
  /** Its strides. */
  readonly strides: readonly number[];
  /** Where its first element lies. */
  readonly offset: number;
  /** The type of its elements. */
  readonly dtype: DType;
}

/** What a call returns, as far as tensors in it are made anew in each run. */
export type ResultTree =
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "grad"; readonly leaf: Outside }
  | {
    readonly kind: "tensor";
    readonly view: ProgramView;
    /** The tensor, which is returned itself where the function returns the same one each time. */
    readonly object: WeakRef<Tensor>;
  }
  | { readonly kind: "list"; readonly items: readonly ResultTree[] }
  | {
    readonly kind: "record";
    readonly prototype: object | null;
    readonly items: readonly (readonly [string, ResultTree])[];
  };

/** A module that a call used, with the plain values of its fields. */
export interface TraceModule {
  /** The module. */
  readonly module: object;
  /** Its fields that hold numbers, text, booleans or null, and that the call did not change. */
  readonly fields: readonly (readonly [key: string, value: unknown])[];
  /** Its own `forward`, where hooks have put one. */
  readonly forward: unknown;
}

/** A recorded call. */
export interface Trace {
  /** The memory. */
  readonly slots: readonly TraceSlot[];
  /** Launches and writes of the host, in order. */
  readonly steps: readonly TraceStep[];
  /** All else, in order. */
  readonly events: readonly TraceEvent[];
  /** For each step, the state that it draws random numbers from, as an index of those reserved; absent without one. */
  readonly randoms: ReadonlyMap<TraceStep, number>;
  /** For each argument that is a tensor, its slot; null if it is not used, or shares one. */
  readonly argumentSlots: readonly (number | null)[];
  /** Leaves whose gradients matter. */
  readonly leaves: readonly TraceLeaf[];
  /** Modules that were called. */
  readonly modules: readonly TraceModule[];
  /** Storages from outside that are no arguments', with the count of changes of their handles. */
  readonly fixed: readonly (readonly [storage: Storage, changes: number])[];
  /** What the call returned. */
  readonly result: ResultTree;
  /** The numbers among the arguments. */
  readonly numbers: readonly number[];
  /** Identities of the memory of the arguments, weakly held. */
  readonly argumentKeys: readonly WeakRef<object>[];
  /** Where the first element of each argument lies. */
  readonly argumentOffsets: readonly number[];
}

/** Identity of the memory of a view: its storage, or, where several lie in one buffer, that. */
export function keyOf(storage: Storage): object {
  return storage.lease === null ? storage : storage.lease.buffer;
}

/** The tensor that an outside one is in a call with `tensors` as arguments. */
export function outside(of: Outside, tensors: readonly Tensor[]): Tensor {
  return typeof of === "number" ? tensors[of]! : of;
}

/** `tensor` by its number if it is an argument. */
export function outsideOf(tensor: TensorBase, tensors: readonly Tensor[]): Outside {
  const index = tensors.indexOf(tensor as Tensor);
  return index < 0 ? tensor as Tensor : index;
}
