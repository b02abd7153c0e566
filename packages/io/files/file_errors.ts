/** Classes of errors of files. */

/** Names of errors of files. */
export type FileErrorName =
  | "NotFound"
  | "AlreadyExists"
  | "NotADirectory"
  | "PermissionDenied"
  | "Busy"
  | "TimedOut";

/** Class of errors. */
export type ErrorClass = new (message?: string, options?: ErrorOptions) => Error;

/** Makes an error class with this name. */
function errorClass(name: string): ErrorClass {
  return class extends Error {
    override readonly name: string = name;
  };
}

const NAMES: readonly FileErrorName[] = [
  "NotFound",
  "AlreadyExists",
  "NotADirectory",
  "PermissionDenied",
  "Busy",
  "TimedOut",
];

let classes: Readonly<Record<FileErrorName, ErrorClass>> | undefined;

/**
 * Returns the classes of errors of files: those of `Deno.errors`, and where there is no Deno, classes of the same names.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { fileErrors, openBytes } from "@troodon/io";
 *
 * await assertRejects(() => openBytes("/nowhere/weights.pth"), fileErrors().NotFound);
 * ```
 */
export function fileErrors(): Readonly<Record<FileErrorName, ErrorClass>> {
  return classes ??= typeof Deno !== "undefined"
    ? Deno.errors
    : Object.fromEntries(NAMES.map((name) => [name, errorClass(name)])) as Record<FileErrorName, ErrorClass>;
}

/** Returns true for an error that says that a file does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof fileErrors().NotFound;
}

/** Names of the errors that systems and pages report, by their code or their name. */
const BY_CODE: Readonly<Record<string, FileErrorName>> = {
  ENOENT: "NotFound",
  EEXIST: "AlreadyExists",
  ENOTDIR: "NotADirectory",
  EACCES: "PermissionDenied",
  EPERM: "PermissionDenied",
  EBUSY: "Busy",
  NotFoundError: "NotFound",
  TypeMismatchError: "NotADirectory",
  NoModificationAllowedError: "Busy",
  NotAllowedError: "PermissionDenied",
};

/** Returns an error of Node or of a page as one of {@linkcode fileErrors}, if it is one; all others as they are. */
export function asFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { readonly code?: unknown };
  const name = BY_CODE[typeof code === "string" ? code : error.name];
  if (name === undefined) return error;
  const text = error.message.includes(path) ? error.message : `${error.message}: ${path}`;
  return new (fileErrors()[name])(text, { cause: error });
}
