/** Counts of the statements of shader functions, by their text. */

/** Steps of a loop in a function at most: 10 of random numbers, 64 of a division of int64. */
const STEPS = 64;

/** Statements that run where each function of `text` is called once: those of loops as often as the longest loop has steps. */
export function countStatements(text: string): number {
  const around: number[] = [];
  let count = 0, times = 1;
  for (const line of text.split("\n")) {
    const isLoop = /^\s*(for|while)\b/.test(line);
    count += times;
    for (const brace of line.match(/[{}]/g) ?? []) {
      if (brace === "}") {
        times = around.pop() ?? 1;
      } else {
        around.push(times);
        if (isLoop) times *= STEPS;
      }
    }
  }
  return count;
}
