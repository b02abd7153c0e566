import type { Dataset } from "../../dataset.ts";
import { getWorkerInfo } from "../../loader/workers/worker_module.ts";

/** Dataset of forty samples, each the number of the worker that fetched it. */
export default function open(): Dataset<number> {
  return { length: 40, get: () => getWorkerInfo()?.id ?? -1 };
}
