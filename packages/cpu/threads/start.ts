/** Starting workers, wherever there are any. */
import { openProducts } from "../blas/products.ts";
import { type Post, serve } from "./serve.ts";

interface NodeWorker {
  on(event: "error", listener: () => void): void;
  unref(): void;
}

type NodeWorkerClass = new (
  source: string,
  options: { eval: true; workerData: Post; env: Record<never, string> },
) => NodeWorker;

type Builtin = (name: string) => { readonly Worker: NodeWorkerClass } | undefined;

/**
 * Starts a worker that serves. One that cannot start, or ends, is no loss but
 * that of its help: it holds no task. Does not keep the program from ending.
 *
 * @throws If there are no workers, or they cannot share memory.
 */
export function startWorker(post: Post): void {
  // Deno's own workers keep a program from ending.
  const { process } = globalThis as { process?: { getBuiltinModule?: Builtin } };
  const threads = process?.getBuiltinModule?.("worker_threads");
  if (threads) {
    const source = `(${serve})(require("worker_threads").workerData, ${openProducts});`;
    // A copy of the environment, which is usual, has Deno ask before a terminal for the permission to read all of it.
    const worker = new threads.Worker(source, { eval: true, workerData: post, env: {} });
    worker.on("error", () => {});
    return worker.unref();
  }
  const source = `onmessage = ({ data }) => { (${serve})(data, ${openProducts}); close(); };`;
  // Of a page's origin, as the address of a worker with whom it shares memory must be.
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onerror = (event) => event.preventDefault();
  worker.postMessage(post);
}
