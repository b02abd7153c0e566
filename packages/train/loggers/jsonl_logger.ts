import type { LogEvent } from "../observer.ts";
import { type MetricsRow, RowLogger } from "./row_logger.ts";

/**
 * Observer of {@linkcode fit} that writes a file of JSON lines: one for each logged loss, with step, epoch, loss and learning
 * rates, and one for each epoch, with its duration in seconds and its scores as well. Numbers that are not finite are null.
 * See {@linkcode RowLogger}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit, JsonlLogger } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const path = await Deno.makeTempFile();
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters(), { lr: 0.5 });
 * await fit(model, [[ones([4, 1]), ones([4, 1])]], {
 *   optimizer,
 *   loss: new MSELoss(),
 *   logEvery: 1,
 *   observers: [new JsonlLogger(path)],
 * });
 * const [line] = (await Deno.readTextFile(path)).split("\n");
 * assertEquals(Object.keys(JSON.parse(line!)), ["step", "epoch", "loss", "learning_rate"]);
 * await Deno.remove(path);
 * ```
 */
export class JsonlLogger extends RowLogger {
  /** Adds a line for a logged loss. */
  onLog({ step, epoch, loss }: LogEvent): void {
    this.add({ step, epoch, loss, ...this.rates() });
  }

  /** The text of the file with the given rows. */
  protected override format(rows: readonly MetricsRow[]): string {
    return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  }

  /** The rows of such a file, as far as it can be read. */
  protected override parse(text: string): readonly unknown[] {
    return text.split("\n").filter((line) => line !== "").map((line): unknown =>
      JSON.parse(line, (key, value) => key === "" ? value : value ?? NaN)
    );
  }
}
