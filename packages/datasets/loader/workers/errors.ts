/** Errors that cross from one thread to another. */
import { fileErrors } from "@troodon/io";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";

/** Options of a {@linkcode WorkerError}. */
export interface WorkerErrorOptions {
  /** Class name of the error (default "WorkerError"). */
  readonly name?: string;
  /** Error that caused this one. */
  readonly cause?: unknown;
}

const WORKER_ERROR_OPTIONS: OptionKeys<WorkerErrorOptions> = { name: true, cause: true };

/** Error of a worker that ended, or an error of a class that is known only to the worker. */
export class WorkerError extends Error {
  /** The name of its class. */
  override readonly name: string;

  /** Creates an error with a class name and a cause. */
  constructor(message: string, options?: WorkerErrorOptions) {
    const { name = "WorkerError", cause } = readOptions("WorkerError", options, WORKER_ERROR_OPTIONS);
    super(message, cause === undefined ? {} : { cause });
    this.name = name;
  }
}

/** An error on its way. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Takes an error apart. */
export function packError(error: unknown): PackedError {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: "WorkerError", message: String(error), stack: undefined };
}

type ErrorType = new (message: string) => Error;

/** Puts an error together again, of its class if that is a built-in one. */
export function unpackError({ name, message, stack }: PackedError): Error {
  const builtin: Readonly<Record<string, ErrorType>> = {
    RangeError,
    TypeError,
    SyntaxError,
    ...fileErrors(),
  };
  const type = Object.hasOwn(builtin, name) ? builtin[name] : undefined;
  const error = type ? new type(message) : new WorkerError(message, { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
