/**
 * A stand-in for the part of `@std/path` that this project uses.
 *
 * @module
 */

/** Modules of the runtime; the package itself does without, so that pages can use it. */
interface Runtime {
  getBuiltinModule(name: "path"): typeof import("node:path");
  getBuiltinModule(name: "url"): typeof import("node:url");
}

const { process } = globalThis as unknown as { readonly process?: Partial<Runtime> };
const node = process?.getBuiltinModule?.("path") as typeof import("node:path");
const { fileURLToPath, pathToFileURL } =
  (process?.getBuiltinModule?.("url") ?? {}) as typeof import("node:url");

/** The character that separates the parts of a path on this system. */
export const SEPARATOR: "/" | "\\" = node?.sep ?? "/";

const toPath = (path: string | URL): string => path instanceof URL ? fileURLToPath(path) : path;

/** The last part of a path, without `suffix`. */
export const basename = (path: string | URL, suffix?: string): string => node.basename(toPath(path), suffix);

/** The path of the folder that holds `path`. */
export const dirname = (path: string | URL): string => node.dirname(toPath(path));

/** The extension of a path with its dot, or the empty string. */
export const extname = (path: string | URL): string => node.extname(toPath(path));

/** Whether a path starts at a root. */
export const isAbsolute = (path: string): boolean => node.isAbsolute(path);

/** Joins parts to one normalized path. */
export const join = (path: string | URL, ...paths: string[]): string => node.join(toPath(path), ...paths);

/** Resolves `.` and `..` and removes doubled separators. */
export const normalize = (path: string | URL): string => node.normalize(toPath(path));

/** The path that leads from one path to another. */
export const relative = (from: string, to: string): string => node.relative(from, to);

/** Resolves parts to an absolute path. */
export const resolve = (...pathSegments: string[]): string => node.resolve(...pathSegments);

/** The path that a `file:` URL names. */
export const fromFileUrl = (url: string | URL): string => fileURLToPath(url);

/** The `file:` URL of an absolute path. */
export const toFileUrl = (path: string): URL => pathToFileURL(path);
