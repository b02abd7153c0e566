/** Field names as PyTorch stores them. */

/** `runningMean` as `running_mean`; names without capitals stay as they are. */
export function stateName(field: string): string {
  return field.replace(/(?<=[a-z0-9])[A-Z]/g, (c) => `_${c}`).toLowerCase();
}
