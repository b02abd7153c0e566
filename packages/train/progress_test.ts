import { assertEquals } from "@std/assert";
import { formatDuration, formatNumber, type Progress, ProgressLine } from "./mod.ts";

const progress: Progress = {
  epoch: 2,
  epochs: 2,
  done: 50,
  total: 200,
  loss: null,
  rate: 10,
  unit: "images",
  left: 15,
};

Deno.test("ProgressLine writes over itself on a terminal", () => {
  const written: string[] = [];
  const line = new ProgressLine({ shown: true, interval: 0, write: (text) => void written.push(text) });
  line.clear();
  line.update(() => progress);
  line.clear();
  assertEquals(written.length, 2);
  assertEquals(written[0], "\r\x1b[2Kepoch 2/2   25%  10 images/s  0:15 left");
  assertEquals(written[1], "\r\x1b[2K");
});

Deno.test("ProgressLine waits between lines, and is silent elsewhere", () => {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const line = new ProgressLine({ shown: true, interval: 1e6, write });
  line.update(() => progress);
  line.update(() => progress);
  assertEquals(written.length, 1);
  const silent = new ProgressLine({ shown: false, interval: 0, write });
  silent.update(() => progress);
  silent.clear();
  assertEquals(written.length, 1);
});

Deno.test("formatDuration() has hours where there are any", () => {
  assertEquals([0, 59.6, 65, 7325].map(formatDuration), ["0:00", "1:00", "1:05", "2:02:05"]);
});

Deno.test("ProgressLine is cut at the width of the terminal, which may change", () => {
  const written: string[] = [];
  let columns = 20;
  const write = (text: string) => void written.push(text);
  const line = new ProgressLine({ shown: true, interval: 0, write, columns: () => columns });
  line.update(() => progress);
  columns = 80;
  line.update(() => progress);
  assertEquals(written, [
    "\r\x1b[2Kepoch 2/2   25%  10",
    "\r\x1b[2Kepoch 2/2   25%  10 images/s  0:15 left",
  ]);
});

Deno.test("formatNumber() has four digits, and an exponent where these would not do", () => {
  const shown = [0, 0.25, 1234.56789, 0.00051, 0.00001, 1.9324062094559934e21, -2e7, NaN, Infinity].map(
    formatNumber,
  );
  assertEquals(shown, [
    ...[
      "0.0000",
      "0.2500",
      "1234.5679",
      "0.0005",
      "1.0000e-5",
      "1.9324e+21",
      "-2.0000e+7",
      "NaN",
      "Infinity",
    ],
  ]);
});
