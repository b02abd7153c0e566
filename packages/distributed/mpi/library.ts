/** Finds, opens and calls MPI libraries. */
import { type Family, type Handles, handlesOf } from "./family.ts";

/** File names of libraries on different systems, for each family. */
const NAMES: Readonly<Record<Family, readonly string[]>> = {
  "Open MPI": ["libmpi.so.40", "libmpi.so.80", "libmpi.40.dylib", "libmpi.dylib", "libmpi.so"],
  MPICH: [
    "libmpich.so.12",
    "libmpi.so.12",
    "libmpich.12.dylib",
    "libmpi.12.dylib",
    "libmpich.so",
    "msmpi.dll",
  ],
};

/** Flags of the C library's `dlopen`: at once, and with symbols that the library's own plug-ins see. */
const NOW_AND_GLOBAL = 2 | 0x100;

/**
 * Functions of MPI; collectives can be called on this thread or elsewhere. Handles are integers of 64 bits: a library with
 * smaller ones ignores the upper half.
 */
const SYMBOLS = {
  MPI_Init_thread: { parameters: ["pointer", "pointer", "i32", "buffer"], result: "i32" },
  MPI_Initialized: { parameters: ["buffer"], result: "i32" },
  MPI_Comm_rank: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Comm_size: { parameters: ["u64", "buffer"], result: "i32" },
  MPI_Comm_set_errhandler: { parameters: ["u64", "u64"], result: "i32" },
  MPI_Error_string: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32" },
  MPI_Abort: { parameters: ["u64", "i32"], result: "i32" },
  MPI_Finalize: { parameters: [], result: "i32" },
  MPI_Allreduce: { parameters: ["pointer", "buffer", "i32", "u64", "u64", "u64"], result: "i32" },
  MPI_Bcast: { parameters: ["buffer", "i32", "u64", "i32", "u64"], result: "i32" },
  MPI_Allgather: { parameters: ["buffer", "i32", "u64", "buffer", "i32", "u64", "u64"], result: "i32" },
  MPI_Reduce_scatter_block: { parameters: ["buffer", "buffer", "i32", "u64", "u64", "u64"], result: "i32" },
  MPI_Barrier: { parameters: ["u64"], result: "i32" },
  allReduceElsewhere: {
    name: "MPI_Allreduce",
    parameters: ["pointer", "buffer", "i32", "u64", "u64", "u64"],
    result: "i32",
    nonblocking: true,
  },
  broadcastElsewhere: {
    name: "MPI_Bcast",
    parameters: ["buffer", "i32", "u64", "i32", "u64"],
    result: "i32",
    nonblocking: true,
  },
  allGatherElsewhere: {
    name: "MPI_Allgather",
    parameters: ["buffer", "i32", "u64", "buffer", "i32", "u64", "u64"],
    result: "i32",
    nonblocking: true,
  },
  reduceScatterElsewhere: {
    name: "MPI_Reduce_scatter_block",
    parameters: ["buffer", "buffer", "i32", "u64", "u64", "u64"],
    result: "i32",
    nonblocking: true,
  },
  barrierElsewhere: { name: "MPI_Barrier", parameters: ["u64"], result: "i32", nonblocking: true },
} as const;

/** Functions of a library. */
export type MpiSymbols = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** An opened library. */
export interface MpiLibrary {
  readonly path: string;
  readonly family: Family;
  readonly handles: Handles;
  readonly symbols: MpiSymbols;
}

const LOADER = {
  dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  dlsym: { parameters: ["pointer", "buffer"], result: "pointer" },
} as const;

/** The C library, under the names of glibc, musl and macOS. */
function openLoader(): Deno.DynamicLibrary<typeof LOADER>["symbols"] {
  const names = Deno.build.os === "darwin"
    ? ["libSystem.dylib"]
    : ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`];
  let failure: unknown;
  for (const name of names) {
    try {
      return Deno.dlopen(name, LOADER).symbols;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Opens the library at `path`; null if there is none. */
function openAt(path: string): MpiLibrary | null {
  const loader = openLoader(), text = (value: string) => new TextEncoder().encode(`${value}\0`);
  const opened = loader.dlopen(text(path), NOW_AND_GLOBAL);
  if (opened === null) return null;
  const addressOf = (symbol: string): Deno.PointerValue => loader.dlsym(opened, text(symbol));
  if (addressOf("MPI_Allreduce") === null) {
    throw new TypeError(`Cannot use the library "${path}" as it must offer MPI: it has no MPI_Allreduce`);
  }
  const family: Family = addressOf("ompi_mpi_comm_world") === null ? "MPICH" : "Open MPI";
  const { symbols } = Deno.dlopen(path, SYMBOLS);
  return { path, family, handles: handlesOf(family, addressOf), symbols };
}

/**
 * Opens the library at `path`, or the first one found of the families in order.
 *
 * @throws {TypeError} If there is no library, or it does not offer MPI.
 */
export function openLibrary(path: string | undefined, families: readonly Family[]): MpiLibrary {
  const tried = path === undefined ? families.flatMap((family) => NAMES[family]) : [path];
  for (const name of tried) {
    const library = openAt(name);
    if (library !== null) return library;
  }
  throw new TypeError(
    path === undefined
      ? "Cannot join an MPI job as Open MPI or MPICH must be installed, or MPI_LIBRARY name a library: " +
        `tried ${tried.join(", ")}`
      : `Cannot open the MPI library "${path}" as it must be a library of this system: check MPI_LIBRARY`,
  );
}
