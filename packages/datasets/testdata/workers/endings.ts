import type { Dataset } from "../../dataset.ts";

/** The name of an ending. */
export type Ending =
  | "self.close()"
  | "Deno.exit(7)"
  | "a rejection"
  | "an error"
  | "an error that cannot be sent"
  | "a loop"
  | "nothing";

/** How a worker ends, or fails to answer, when it is asked for sample 4. */
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

/** Ten numbers, of which one ends the worker that is asked for it; with `at: "open"` it ends as it makes its dataset. */
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
