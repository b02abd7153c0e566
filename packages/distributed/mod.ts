/**
 * Training by several processes: collectives over MPI, over the workers of one process, or of one process alone.
 *
 * @module
 */

export { initProcessGroup, type ProcessGroupOptions } from "./init_process_group.ts";
export { SingleProcess } from "./single_process.ts";
export type { MpiCommunicator } from "./mpi/mpi_communicator.ts";
export { WorkerCommunicator } from "./workers/worker_communicator.ts";
export type { CollectiveOp, Communicator } from "@troodon/core";
