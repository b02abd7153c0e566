/** Filling every element of a tensor with a number. */
import { assertEquals } from "@std/assert";
import { Device, full, fullLike, pad, ReferenceBackend, type Tensor, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("fill_() and whatever writes a number make true of a fraction in bool", () => {
  const none = () => zeros([2], { device, dtype: "bool" }), first = tensor([0], { device, dtype: "int64" });
  const all: readonly (readonly [string, Tensor, readonly boolean[]])[] = [
    ["fill_", none().fill_(0.5), [true, true]],
    ["fill_ NaN", none().fill_(NaN), [true, true]],
    ["fill_ 0", none().fill_(1).fill_(-0), [false, false]],
    ["copy_", none().copy_(0.5), [true, true]],
    ["full", full([2], -0.25, { device, dtype: "bool" }), [true, true]],
    ["fullLike", fullLike(none(), 0.5), [true, true]],
    ["newFull", none().newFull([2], 0.5), [true, true]],
    ["maskedFill", none().maskedFill(tensor([true, false], { device }), 0.5), [true, false]],
    ["indexFill", none().indexFill(0, first, 0.5), [true, false]],
    ["scatter", none().scatter(0, first, 0.5), [true, false]],
    ["set", none().set(0, 0.5), [true, false]],
    ["pad", pad(none().narrow(0, 0, 1), [0, 1], { value: 0.5 }), [false, true]],
  ];
  for (const [name, y, wanted] of all) assertEquals(y.tolist(), [...wanted], name);
});
