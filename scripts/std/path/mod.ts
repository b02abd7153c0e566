/**
 * A stand-in for the part of `@std/path` that this project uses.
 *
 * @module
 */

import {
  basename as nodeBasename,
  dirname as nodeDirname,
  extname as nodeExtname,
  isAbsolute as nodeIsAbsolute,
  join as nodeJoin,
  normalize as nodeNormalize,
  relative as nodeRelative,
  resolve as nodeResolve,
  sep,
} from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The character that separates the parts of a path on this system. */
export const SEPARATOR: "/" | "\\" = sep;

const toPath = (path: string | URL): string => path instanceof URL ? fileURLToPath(path) : path;

/** The last part of a path, without `suffix`. */
export const basename = (path: string | URL, suffix?: string): string => nodeBasename(toPath(path), suffix);

/** The path of the folder that holds `path`. */
export const dirname = (path: string | URL): string => nodeDirname(toPath(path));

/** The extension of a path with its dot, or the empty string. */
export const extname = (path: string | URL): string => nodeExtname(toPath(path));

/** Whether a path starts at a root. */
export const isAbsolute = (path: string): boolean => nodeIsAbsolute(path);

/** Joins parts to one normalised path. */
export const join = (path: string | URL, ...paths: string[]): string => nodeJoin(toPath(path), ...paths);

/** Resolves `.` and `..` and removes doubled separators. */
export const normalize = (path: string | URL): string => nodeNormalize(toPath(path));

/** The path that leads from one path to another. */
export const relative = (from: string, to: string): string => nodeRelative(from, to);

/** Resolves parts to an absolute path. */
export const resolve = (...pathSegments: string[]): string => nodeResolve(...pathSegments);

/** The path that a `file:` URL names. */
export const fromFileUrl = (url: string | URL): string => fileURLToPath(url);

/** The `file:` URL of an absolute path. */
export const toFileUrl = (path: string): URL => pathToFileURL(path);
