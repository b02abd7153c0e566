/** Samplers as text. */

/** The class of a sampler, and how many indices a pass of it yields. */
export function showSampler(sampler: { readonly length: number }): string {
  return `${sampler.constructor.name}(length=${sampler.length})`;
}
