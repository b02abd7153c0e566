/** The library's modules among the options of saving and loading. */
import * as models from "@troodon/models";
import * as nn from "@troodon/nn";
import type { ModuleClasses } from "@troodon/serialization";

/**
 * Adds the classes of nn and models to `modules`. Values that are not options are returned unchanged, for the
 * callee to reject.
 */
export function withLibrary<O extends { readonly modules?: ModuleClasses }>(options: O): O {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  return { ...options, modules: { ...nn, ...models, ...options.modules } };
}
