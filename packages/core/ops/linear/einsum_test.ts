import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, einsum, ones, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const counted = (...shape: number[]) =>
  arange(0, shape.reduce((a, b) => a * b, 1), 1, { device, dtype: "float32" }).reshape(shape);

Deno.test("einsum() without an arrow sums over what appears twice and sorts the rest", () => {
  const a = counted(2, 3), b = counted(3, 2);
  assertEquals(einsum("zj,ja", a, b).tolist(), a.matmul(b).transpose(0, 1).tolist());
  assertEquals(einsum("ii", counted(2, 2)).item(), 3);
  assertEquals(einsum("ba", a).tolist(), a.transpose(0, 1).tolist());
});

Deno.test("einsum() lets axes behind dots broadcast", () => {
  const a = counted(2, 1, 2, 3), b = counted(3, 3, 2);
  assertEquals(einsum("...ij,...jk->...ik", a, b).tolist(), a.matmul(b).tolist());
  assertEquals(einsum("...ij,jk", a, counted(3, 2)).shape, [2, 1, 2, 2]);
});

Deno.test("einsum() takes the diagonal of a letter that repeats", () => {
  assertEquals(einsum("iji->ij", counted(2, 3, 2)).tolist(), [[0, 2, 4], [7, 9, 11]]);
});

Deno.test("einsum() keeps a letter that all operands share", () => {
  const a = counted(2, 3);
  assertEquals(einsum("ij,ij,ij->i", a, a, a).tolist(), [9, 216]);
  assertEquals(einsum("i,i->", ones([3], { device }), counted(3)).item(), 3);
});

Deno.test("einsum() says what does not fit", () => {
  const a = counted(2, 3);
  assertThrows(() => einsum("ij,jk->ik", a), RangeError, "there must be a term for each operand");
  assertThrows(
    () => einsum("ijk->i", a),
    RangeError,
    'the term "ijk" must have a letter for each axis of [2, 3]',
  );
  assertThrows(() => einsum("ij,ij->ij", a, counted(2, 4)), RangeError, "one extent, not 3 and 4");
  assertThrows(() => einsum("ii->i", a), RangeError, "one extent");
  assertThrows(
    () => einsum("ij->ik", a),
    RangeError,
    "letters of the result must differ and appear in a term",
  );
  assertThrows(() => einsum("i1->i", a), RangeError, "terms must be made of letters");
});

Deno.test("einsum() that changes nothing gives a handle of its own", () => {
  const x = tensor([[1, 2], [3, 4]], { device });
  for (const equation of ["ij->ij", "ij", "...->..."]) {
    const y = einsum(equation, x);
    assertEquals(y === x, false);
    y.dispose();
    assertEquals(x.tolist(), [[1, 2], [3, 4]]);
  }
});
