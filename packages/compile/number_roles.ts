/** Infers which scalars of a program take which numbers of a run. */
import { placeOf } from "./site.ts";
import type { Trace, TraceLaunch } from "./trace.ts";

/** Number that may differ between runs: a `live()` value, by its event, or an argument. */
export interface NumberSource {
  /** Kind of the source. */
  readonly kind: "event" | "argument";
  /** Index of the event, or of the argument among the numbers. */
  readonly index: number;
}

/** Roles of the numbers in recorded calls that made the same launches. */
export interface NumberRoles {
  /** Live scalars: the step, the index of the scalar in it, and the source of its value. */
  readonly live: readonly (readonly [step: number, index: number, source: number])[];
  /** Live numbers of sections: the index of the section's event, that of the number, and the source of its value. */
  readonly ofSections: readonly (readonly [event: number, index: number, source: number])[];
  /** All sources of numbers. */
  readonly sources: readonly NumberSource[];
  /**
   * Value of each source that was equal in all recordings, so that its role is unknown; undefined for sources that
   * varied.
   */
  readonly unvaried: readonly (number | undefined)[];
  /**
   * Pairs of sources that varied but were equal to each other in every recording, so that their roles are ambiguous.
   */
  readonly twins: readonly (readonly [one: number, other: number])[];
}

/** Values of the sources in a trace. */
function valuesOf(trace: Trace, sources: readonly NumberSource[]): number[] {
  return sources.map(({ kind, index }) => {
    if (kind === "argument") return trace.numbers[index]!;
    const event = trace.events[index]!;
    return event.kind === "number" ? event.value : NaN;
  });
}

function sourcesOf({ events, numbers }: Trace): NumberSource[] {
  const found: NumberSource[] = numbers.map((_, index) => ({ kind: "argument", index }));
  events.forEach(({ kind }, index) => kind === "number" && found.push({ kind: "event", index }));
  return found;
}

/** Infers the roles of numbers in calls that made the same launches; returns the reason as text if that fails. */
export function rolesOf(traces: readonly Trace[]): NumberRoles | string {
  const sources = sourcesOf(traces[0]!), values = traces.map((trace) => valuesOf(trace, sources));
  const varied = sources.map((_, s) => values.some((row) => !Object.is(row[s], values[0]![s])));
  const live: [number, number, number][] = [], ofSections: [number, number, number][] = [];
  /**
   * Finds the source of the number at `index` of `lists`, which has one list per recording; returns a reason if there
   * is none.
   */
  const find = (
    found: [number, number, number][],
    at: number,
    lists: readonly (readonly number[])[],
    site: Error,
  ): string | null => {
    for (let k = 0; k < lists[0]!.length; k++) {
      const numbers = lists.map((list) => list[k]!), first = numbers[0]!;
      const other = numbers.find((number) => !Object.is(number, first));
      if (other === undefined) continue;
      const source = sources.findIndex((_, s) => numbers.every((n, t) => Object.is(n, values[t]![s])));
      if (source < 0) {
        return `a number of it differs between calls (${first} and ${other})${placeOf(site)}: ` +
          "give it as an argument or by live(() => number), as it is used there";
      }
      found.push([at, k, source]);
    }
    return null;
  };
  for (const [i, step] of traces[0]!.steps.entries()) {
    if (step.kind !== "launch" || step.section !== null) continue;
    const reason = find(live, i, traces.map(({ steps }) => scalarsOf(steps[i] as TraceLaunch)), step.site);
    if (reason !== null) return reason;
  }
  for (const [i, event] of traces[0]!.events.entries()) {
    if (event.kind !== "section") continue;
    const lists = traces.map(({ events }) => (events[i] as typeof event).numbers);
    const reason = find(ofSections, i, lists, event.site);
    if (reason !== null) return reason;
  }
  const twins = [...new Set([...live, ...ofSections].map(([, , source]) => source))].flatMap((one) =>
    sources.flatMap((_, other) =>
      other !== one && values.every((row) => Object.is(row[one], row[other])) ? [[one, other] as const] : []
    )
  );
  return {
    live,
    ofSections,
    sources,
    unvaried: sources.map((_, s) => varied[s] ? undefined : values[0]![s]!),
    twins,
  };
}

/** Scalars of a launch. */
export function scalarsOf({ call }: TraceLaunch): readonly number[] {
  return "scalars" in call ? call.scalars : [];
}
