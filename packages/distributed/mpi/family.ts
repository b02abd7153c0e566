/** The two binary interfaces of MPI libraries: their handles and special addresses. */
import type { CollectiveOp } from "@troodon/core";
import type { ReducedType } from "../on_host.ts";

/** Open MPI has addresses as handles; MPICH and its relatives (Intel MPI, MVAPICH, Cray, Microsoft) have numbers. */
export type Family = "Open MPI" | "MPICH";

/** A handle: the address of an object, or a number. */
export type Handle = bigint;

/** Operations of MPI; means are sums that are divided afterwards. */
export type MpiOp = Exclude<CollectiveOp, "mean">;

/** Handles of a library. */
export interface Handles {
  readonly world: Handle;
  readonly errorsReturn: Handle;
  readonly types: Readonly<Record<ReducedType, Handle>>;
  readonly bytes: Handle;
  readonly ops: Readonly<Record<MpiOp, Handle>>;
  readonly inPlace: Deno.PointerValue;
}

const NUMBERS = {
  world: 0x44000000n,
  errorsReturn: 0x54000001n,
  bytes: 0x4c00010dn,
  types: {
    float32: 0x4c00040an,
    float64: 0x4c00080bn,
    int32: 0x4c000439n,
    int64: 0x4c00083an,
    uint8: 0x4c00013bn,
  },
  ops: { max: 0x58000001n, min: 0x58000002n, sum: 0x58000003n, prod: 0x58000004n },
} as const;

const NAMES = {
  world: "comm_world",
  errorsReturn: "errors_return",
  bytes: "byte",
  types: { float32: "float", float64: "double", int32: "int32_t", int64: "int64_t", uint8: "uint8_t" },
  ops: { max: "op_max", min: "op_min", sum: "op_sum", prod: "op_prod" },
} as const;

function mapped<K extends string, A, B>(record: Readonly<Record<K, A>>, f: (value: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value as A)])) as Record<
    K,
    B
  >;
}

/** Returns the handles of a family; `addressOf` looks up a symbol of the library. */
export function handlesOf(family: Family, addressOf: (symbol: string) => Deno.PointerValue): Handles {
  if (family === "MPICH") return { ...NUMBERS, inPlace: Deno.UnsafePointer.create(2n ** 64n - 1n) };
  const address = (name: string): Handle => BigInt(Deno.UnsafePointer.value(addressOf(`ompi_mpi_${name}`)));
  return {
    world: address(NAMES.world),
    errorsReturn: address(NAMES.errorsReturn),
    bytes: address(NAMES.bytes),
    types: mapped(NAMES.types, address),
    ops: mapped(NAMES.ops, address),
    inPlace: Deno.UnsafePointer.create(1n),
  };
}
