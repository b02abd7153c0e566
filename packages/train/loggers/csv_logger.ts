import { type MetricsRow, RowLogger } from "./row_logger.ts";

/** A field of a line, in quotes or without (RFC 4180). */
const FIELD = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;

/** A number as lines have it, or none. */
const NUMBER = /^(?:-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)|NaN)?$/;

const quoted = (name: string): string => /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;

/**
 * Observer of {@linkcode fit} that writes a CSV file with a row for each epoch: epoch, step, mean loss, duration in seconds,
 * learning rates and scores. The first line has the names of the columns. See {@linkcode RowLogger}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { CsvLogger, fit } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const path = await Deno.makeTempFile();
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters());
 * await fit(model, [[ones([4, 1]), ones([4, 1])]], {
 *   optimizer,
 *   loss: new MSELoss(),
 *   epochs: 3,
 *   observers: [new CsvLogger(path)],
 * });
 * const lines = (await Deno.readTextFile(path)).trim().split("\r\n");
 * assertEquals([lines[0], lines.length], ["epoch,step,loss,seconds,learning_rate", 4]);
 * await Deno.remove(path);
 * ```
 */
export class CsvLogger extends RowLogger {
  /** The text of the file with the given rows. */
  protected override format(rows: readonly MetricsRow[]): string {
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const lines = rows.map((row) => names.map((name) => row[name] ?? "").join(","));
    return [names.map(quoted).join(","), ...lines].map((line) => `${line}\r\n`).join("");
  }

  /** The rows of such a file, as far as it can be read. */
  protected override parse(text: string): readonly unknown[] {
    // Names in quotes may have ends of lines in them, numbers have none.
    const [header = "", ...lines] = text.match(/(?:"(?:[^"]|"")*"|[^"\r\n])+/g) ?? [];
    const names = fieldsOf(header);
    return lines.map((line) => {
      const fields = fieldsOf(line).map((field, i) => [names[i] ?? "", field] as const);
      if (fields.length !== names.length || fields.some(([, field]) => !NUMBER.test(field))) return null;
      return Object.fromEntries(
        fields.filter(([, field]) => field !== "").map(([name, field]) => [name, Number(field)]),
      );
    });
  }
}

function fieldsOf(line: string): string[] {
  return Array.from(
    line.matchAll(FIELD),
    ([, inQuotes, plain = ""]) => inQuotes?.replaceAll('""', '"') ?? plain,
  );
}
