/** Writes how precise functions are, and what single operations are, on the adapter in use to a file: `deno run -A scripts/card/precision.ts FILE`. */
import { WebGpuBackend } from "@troodon/troodon";
import { arithmeticOf } from "../precision/arithmetic.ts";
import { measurePrecision } from "../precision/measure.ts";

const name = Deno.env.get("TROODON_ADAPTER");
using backend = await WebGpuBackend.create(name === undefined ? { allowFallback: true } : { adapter: name });
const functions = await measurePrecision(backend), arithmetic = await arithmeticOf(backend.describe());
await Deno.writeTextFile(Deno.args[0]!, JSON.stringify({ functions, arithmetic }));
const wrong = functions.filter(({ wrong }) => wrong > 0).map(({ fn, wrong }) => `${fn}: ${wrong}`);
if (wrong.length > 0) {
  throw new RangeError(`Cannot vouch for functions as NaN comes where it must not: ${wrong}`);
}
