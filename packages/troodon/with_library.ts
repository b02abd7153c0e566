/** The library's modules among the options of saving and loading. */
import * as models from "@troodon/models";
import * as nn from "@troodon/nn";
import type { ModuleClasses } from "@troodon/serialization";

/** Adds the classes of nn and models to `modules`. Values that are no options stay as they are, for the function behind to refuse. */
export function withLibrary<O extends { readonly modules?: ModuleClasses }>(options: O): O {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  return { ...options, modules: { ...nn, ...models, ...options.modules } };
}
