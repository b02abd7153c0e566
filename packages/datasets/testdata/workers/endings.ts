import type { Dataset } from "../../dataset.ts";

/** Name of a way in which a worker ends. */
export type Ending =
  | "self.close()"
  | "Deno.exit(7)"
  | "a rejection"
  | "an error"
  | "an error that cannot be sent"
  | "a loop"
  | "nothing";

/** Actions that end a worker, or keep it from answering, when sample 4 is requested. */
export const ENDINGS: Readonly<Record<Ending, () => void>> = {
  "self.close()": () => self.close(),
  "Deno.exit(7)": () => Deno.exit(7),
  "a rejection": () => void Promise.reject(new RangeError("nobody handles this")),
  "an error": () => void setTimeout(() => {
    throw new TypeError("nobody catches this");
  }),
  "an error that cannot be sent": () => void Promise.reject({ toString: () => "odd", f() {} }),
  "a loop": () => {
    for (;;);
  },
  "nothing": () => {},
};

/**
 * Dataset of ten numbers, one of which ends the worker that fetches it; with `at: "open"` the worker ends
 * while opening the dataset.
 */
export default function open({ ending, at = 4 }: { ending?: Ending; at?: number | "open" } = {}): Dataset<number> {
  if (ending && at === "open") ENDINGS[ending]();
  return {
    length: 10,
    get(index: number): number | Promise<number> {
      if (ending === undefined || index !== at) return index;
      ENDINGS[ending]();
      return new Promise(() => {});
    },
  };
}
