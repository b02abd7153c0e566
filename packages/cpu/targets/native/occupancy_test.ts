import { assertEquals } from "@std/assert";
import { Arena } from "./arena.ts";
import { Occupancy } from "./occupancy.ts";

Deno.test("Occupancy keeps positions of registers apart, across words of bits", () => {
  const occupancy = new Occupancy(new Arena(), 200);
  occupancy.take(3, 30, 97);
  for (
    const [start, end, free] of [[0, 30, 1], [97, 200, 1], [29, 31, 0], [96, 97, 0], [64, 65, 0], [
      0,
      200,
      0,
    ]] as const
  ) {
    assertEquals(occupancy.isFree(3, start, end), free === 1, `${start} to ${end}`);
    assertEquals(occupancy.isFree(2, start, end), true);
  }
  assertEquals(occupancy.count, 4);
});

Deno.test("Occupancy grows with the number of what is taken", () => {
  const occupancy = new Occupancy(new Arena(), 64);
  for (let slot = 0; slot < 100; slot++) occupancy.take(slot, slot % 60, slot % 60 + 2);
  for (let slot = 0; slot < 100; slot++) {
    assertEquals([0, 1, 2, 3].map((i) => occupancy.isFree(slot, slot % 60 + i, slot % 60 + i + 1)), [
      false,
      false,
      true,
      true,
    ]);
  }
  assertEquals(occupancy.count, 100);
});
