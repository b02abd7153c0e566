import type { Communicator } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { runtimeHost } from "@troodon/io";
import type { Family } from "./mpi/family.ts";
import { openLibrary } from "./mpi/library.ts";
import { Mpi } from "./mpi/mpi.ts";
import { MpiCommunicator } from "./mpi/mpi_communicator.ts";
import { SingleProcess } from "./single_process.ts";

/** Options of {@linkcode initProcessGroup}. */
export interface ProcessGroupOptions {
  /**
   * "mpi" for the processes of an MPI job, "single" for this process alone, or "auto" (the default) for the job that
   * started this process, if one did.
   */
  readonly backend?: "auto" | "mpi" | "single";
  /** Path or name of the MPI library (default: the variable `MPI_LIBRARY`, or the first library that is found). */
  readonly library?: string;
  /** Seconds after which a process that waits in a collective prints where it is (default 60). */
  readonly patience?: number;
}
const PROCESS_GROUP_OPTIONS: OptionKeys<ProcessGroupOptions> = {
  backend: true,
  library: true,
  patience: true,
};

/** Variables by which launchers tell the number of processes, and the libraries that they start. */
const LAUNCHERS: readonly (readonly [variable: string, families: readonly Family[]])[] = [
  ["OMPI_COMM_WORLD_SIZE", ["Open MPI"]],
  ["PMI_SIZE", ["MPICH"]],
  ["PMIX_RANK", ["Open MPI", "MPICH"]],
];

/** Communicator of this process's MPI job, which has only one. */
let joined: Communicator | null = null;

/**
 * Joins the job that started this process, as `torch.distributed.init_process_group("mpi")` does: under `mpirun` (Open
 * MPI, MPICH and libraries compatible with it) by MPI, otherwise alone as rank 0 of 1. Needs `--allow-ffi` and
 * `--allow-env` under `mpirun`, and nothing otherwise. Call `close()` at the end.
 *
 * @throws {TypeError} If there is no MPI library, or it does not belong to the launcher that started the job.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initProcessGroup } from "@troodon/distributed";
 *
 * const group = initProcessGroup({ backend: "single" });
 * assertEquals([group.rank, group.size], [0, 1]);
 * group.close();
 * ```
 */
export function initProcessGroup(options?: ProcessGroupOptions): Communicator {
  const own = readOptions("initProcessGroup", options, PROCESS_GROUP_OPTIONS), host = runtimeHost();
  const { backend = "auto", library = host?.variable("MPI_LIBRARY"), patience = 60 } = own;
  if (!["auto", "mpi", "single"].includes(backend)) {
    throw new TypeError(
      `Cannot join a job as backend must be "auto", "mpi" or "single": current backend is ${
        JSON.stringify(backend)
      }`,
    );
  }
  if (!(patience > 0)) {
    throw new RangeError(`Cannot join a job as patience must be positive: it is ${patience}`);
  }
  const launcher = LAUNCHERS.find(([variable]) => host?.variable(variable) !== undefined);
  if (backend === "single" || (backend === "auto" && launcher === undefined)) return new SingleProcess();
  if (joined !== null) return joined;
  if (host?.runtime !== "Deno") {
    throw new TypeError(
      "Cannot join an MPI job as native libraries must be open to the program: only Deno opens them",
    );
  }
  const mpi = new Mpi(openLibrary(library, launcher?.[1] ?? ["Open MPI", "MPICH"]));
  const told = Number(host.variable(launcher?.[0] ?? "") ?? 1);
  if (launcher !== undefined && launcher[0] !== "PMIX_RANK" && told !== mpi.size) {
    const { size, version } = mpi;
    mpi.finalize();
    throw new TypeError(
      `Cannot join a job of ${told} processes (${launcher[0]}) as ${version} sees ${size}: ` +
        "the library must be the one of the mpirun that started the job; set MPI_LIBRARY to its path",
    );
  }
  return joined = new MpiCommunicator(mpi, patience);
}
