/** What was measured. */

/** Seconds of a workload on a side, one number for each round, or why there is none. */
export interface Result {
  readonly workload: string;
  readonly side: string;
  readonly seconds: readonly number[];
  readonly loss?: number;
  /** Images of an epoch. */
  readonly images?: number;
  readonly error?: string;
}

/** All that one or more runs have measured. */
export interface Results {
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
}

/** Older results with those measured anew in place of theirs. */
export function merge(older: Results, newer: Results): Results {
  const key = ({ workload, side }: Result): string => `${workload} ${side}`;
  const anew = new Set(newer.results.map(key));
  return {
    ...newer,
    versions: { ...older.versions, ...newer.versions },
    results: [...older.results.filter((result) => !anew.has(key(result))), ...newer.results],
  };
}
