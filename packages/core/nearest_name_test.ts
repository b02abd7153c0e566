import { assertEquals } from "@std/assert";
import { nearest } from "./nearest_name.ts";

Deno.test("nearest() finds the name that was meant, or none", () => {
  const known = ["weightDecay", "lr", "momentum", "model", "batch-size", "log-every"];
  const of = (name: string): string | null => nearest(name, known);
  assertEquals(["weight_decay", "weightdecay", "batchSize", "LR"].map(of), [
    "weightDecay",
    "weightDecay",
    "batch-size",
    "lr",
  ]);
  assertEquals(["modle", "mode", "momentun", "batch-sizes"].map(of), [
    "model",
    "model",
    "momentum",
    "batch-size",
  ]);
  assertEquals(["learningRate", "modality", "x"].map(of), ["lr", null, null]);
});
