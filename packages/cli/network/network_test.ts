import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, setDefaultDevice, tape } from "@troodon/troodon";
import { MNIST_SHAPE } from "../images/image_shape.ts";
import { checkWeights, openNetwork } from "./network.ts";
import { UsageError } from "../flags/options.ts";

Deno.test("checkWeights() refuses to freeze a body without weights, and words that are no file", () => {
  const check = (weights: string | undefined, freeze: boolean) =>
    checkWeights({ model: "cnn", weights, freeze });
  check(undefined, false);
  check("net.pth", true);
  assertThrows(() => check(undefined, true), UsageError, "--freeze needs --weights FILE");
  assertThrows(() => check("last", false), UsageError, "--average last");
});

Deno.test("openNetwork() reads no weights where the run goes on, and says how much is trained", async () => {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  const data = { classes: ["a", "b", "c"], shape: MNIST_SHAPE };
  const open = (freeze: boolean) =>
    openNetwork({ model: "mlp", weights: "/nowhere.pth", freeze }, data, { resumes: true });
  const { said, observers } = await open(true);
  assertEquals(said, "mlp with 201731 parameters, 771 of them trained");
  assertEquals(observers.length, 1);
  assertEquals((await open(false)).said, "mlp with 201731 parameters");
});
